"""After a deployment: attendance and hours, the service record, report, stories and survey.

The rest of the app shows what `after.offers_of` finds on the page of an application, and what
`persons.service_of` finds on the page of a person; `reports.register_sections` puts report and
stories on the pages of programmes, `privacy.register_all` says how long the survey knows whose it
is.
"""
