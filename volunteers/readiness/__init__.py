"""Getting ready to leave: the checklist of an opening, what each person has done, who is reminded.

The rest of the app calls `acts.begin` when a place is confirmed and `acts.forget` when somebody
steps back; `privacy.register_all` and `mails.register` when the portal starts.
"""
