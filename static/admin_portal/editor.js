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

// --- pasting ---------------------------------------------------------------------------------
// What Word, Hangul Office and Google Docs put on the clipboard, made into our own kind. The
// office does the same with what it gets (oda_portal/publishing/pasted.py).

const LIST = /mso-list:\s*l\d+\s+level(\d+)/i;
const NUMBERED = /^(?:\(?(?:\d+|[a-z]|[ivxl]+|[가-힣])[.)]|\d+|[①-⑳])$/i;
const BLOCKS = "p,div,ul,ol,table,blockquote,hr,h1,h2,h3,h4,h5,h6,section,article,pre,dl";
const NAMES = { B: "strong", I: "em", H1: "h2", H5: "h4", H6: "h4" };
const words = (element) => element.textContent.replace(/[\u00a0\u200b\s]+/g, "");
const unwrap = (element) => element.replaceWith(...element.childNodes);

function rename(element, name) {
  const other = element.ownerDocument.createElement(name);
  for (const { name: key, value } of element.attributes) other.setAttribute(key, value);
  other.append(...element.childNodes);
  element.replaceWith(other);
  return other;
}

function dropRest(body) {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const comments = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  for (const comment of comments) comment.remove();
  for (const element of body.querySelectorAll("style,script,meta,link,title,xml,colgroup,col")) element.remove();
}

function takeMarker(paragraph) {
  for (const span of paragraph.querySelectorAll("span")) {
    if (/mso-list:\s*ignore/i.test(span.getAttribute("data-style") ?? "")) {
      const marker = words(span);
      span.remove();
      return marker;
    }
  }
  const first = paragraph.firstChild;
  const found = /^\s*([·•§o▪◦-]|\(?[\p{L}\d]{1,3}[.)])[\s\u00a0]+/u.exec(first?.nodeType === 3 ? first.data : "");
  if (!found) return "";
  first.data = first.data.slice(found[0].length);
  return found[1];
}

function makeLists(body) {
  let open = [];
  let last = null;
  const item = (list) => list.appendChild(list.ownerDocument.createElement("li"));
  for (const paragraph of [...body.querySelectorAll("p")]) {
    const found = LIST.exec(paragraph.getAttribute("data-style") ?? "");
    if (!found) continue;
    if (!last || paragraph.previousElementSibling !== last) open = [];
    const level = Math.max(1, Math.min(Number(found[1]), 6));
    const kind = NUMBERED.test(takeMarker(paragraph)) ? "ol" : "ul";
    const isOther = (list) => list && list.localName !== kind;
    open.length = Math.min(open.length, level);
    if (open.length === level && isOther(open.at(-1))) open.pop();
    if (!open.length) {
      open.push(body.ownerDocument.createElement(kind));
      paragraph.before(open[0]);
    }
    while (open.length < level) {
      const above = open.at(-1);
      open.push((above.lastElementChild ?? item(above)).appendChild(body.ownerDocument.createElement(kind)));
    }
    paragraph.removeAttribute("data-style");
    item(open.at(-1)).append(paragraph);
    last = open[0];
  }
}

function wrap(element, style) {
  if (!words(element) || element.querySelector(BLOCKS)) return;
  const tags = [];
  if (/font-weight:\s*(bold|bolder|[6-9]00)/i.test(style)) tags.push("strong");
  if (/font-style:\s*(italic|oblique)/i.test(style)) tags.push("em");
  const raised = /vertical-align:\s*(super|sub)\b/i.exec(style);
  if (raised) tags.push(raised[1].toLowerCase() === "super" ? "sup" : "sub");
  for (const tag of tags) {
    const inner = element.ownerDocument.createElement(tag);
    inner.append(...element.childNodes);
    element.append(inner);
  }
}

function mark(body) {
  for (let element of [...body.querySelectorAll("*")]) {
    const style = element.getAttribute("data-style") ?? "";
    const name = element.localName;
    if (/^(b|strong)$/.test(name) && /font-weight:\s*(normal|[1-5]00)/i.test(style)) {
      unwrap(element);
      continue;
    }
    if (/^(span|font)$/.test(name)) wrap(element, style);
    else if (style && /^(p|div|td|th|li)$/.test(name)) wrap(element, style);
    if (/^(span|font|u|center|section|article)$/.test(name) || name.includes(":")) {
      unwrap(element);
      continue;
    }
    if (NAMES[element.tagName]) element = rename(element, NAMES[element.tagName]);
    element.removeAttribute("data-style");
    element.removeAttribute("class");
    element.removeAttribute("width");
    element.removeAttribute("height");
  }
}

function makeHeads(body) {
  const isBold = (cell) => words(cell) && [...cell.querySelectorAll("strong")].map(words).join("") === words(cell);
  for (const table of body.querySelectorAll("table")) {
    const rows = [...table.rows];
    if (rows.length < 2) continue;
    const ofHead = rows.filter((row) => row.parentElement.localName === "thead");
    for (const row of ofHead.length ? ofHead : [rows[0]]) {
      const cells = [...row.cells].filter((cell) => cell.localName === "td");
      if (!ofHead.length && !cells.every(isBold)) continue;
      for (const cell of cells) {
        for (const strong of [...cell.querySelectorAll("strong")]) unwrap(strong);
        rename(cell, "th");
      }
    }
  }
}

function dropEmpty(body) {
  for (const division of [...body.querySelectorAll("div")]) {
    if (division.querySelector(BLOCKS)) unwrap(division);
    else rename(division, "p");
  }
  for (const element of [...body.querySelectorAll("p,strong,em,sub,sup,a,li,h2,h3,h4")].reverse()) {
    if (words(element) || element.querySelector("table,hr,ul,ol")) continue;
    const isOnlyOfCell = /^t[dh]$/.test(element.parentElement?.localName ?? "") && element.parentElement.children.length === 1;
    if (!isOnlyOfCell) element.remove();
  }
  for (const lineBreak of [...body.querySelectorAll(":scope > br")]) lineBreak.remove();
}

/* The policy of the page refuses styles as soon as they are parsed; ours only reads them. */
function withoutStyles(html) {
  return html
    .replace(/<style\b[\s\S]*?<\/style>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/(\s|["'])style\s*=/gi, "$1 data-style="));
}

function ours(html) {
  // What was copied in an editor of ours is as it should be.
  if (html.includes("data-pm-slice")) return html;
  const { body } = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  dropRest(body);
  makeLists(body);
  mark(body);
  makeHeads(body);
  dropEmpty(body);
  return body.innerHTML;
}

export const Table = StockTable.extend({
  transformPastedHTML(html) {
    return ours(html);
  },

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
