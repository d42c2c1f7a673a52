// What pages show and the editor alone would drop: the language of a link's goal, which cells a
// heading stands for, and a table's caption. None of it is edited here, all of it is kept.
import { Link as StockLink, Table as StockTable, TableHeader as StockTableHeader, mergeAttributes } from "django-prose-editor/editor";

export const Link = StockLink.extend({
  addAttributes() {
    return { ...this.parent?.(), hreflang: { default: null } };
  },
});

export const TableHeader = StockTableHeader.extend({
  addAttributes() {
    return { ...this.parent?.(), scope: { default: null } };
  },
});

export const Table = StockTable.extend({
  addAttributes() {
    const parseHTML = (table) => table.querySelector(":scope > caption")?.textContent.trim() || null;
    return { ...this.parent?.(), caption: { default: null, parseHTML, renderHTML: () => ({}) } };
  },

  parseHTML() {
    // Its text would become a row of the table.
    return [...this.parent(), { tag: "caption", ignore: true }];
  },

  renderHTML({ node, HTMLAttributes }) {
    const caption = node.attrs.caption ? [["caption", {}, node.attrs.caption]] : [];
    return ["table", mergeAttributes(this.options.HTMLAttributes, HTMLAttributes), ...caption, ["tbody", 0]];
  },

  addNodeView() {
    const view = this.parent();
    return (props) => {
      const drawn = view(props);
      if (props.node.attrs.caption) {
        const caption = document.createElement("caption");
        caption.contentEditable = "false";
        caption.textContent = props.node.attrs.caption;
        drawn.table.prepend(caption);
      }
      return drawn;
    };
  },
});
