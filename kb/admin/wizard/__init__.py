"""The wizard: a spreadsheet from the upload to its batch, at /admin/import/.

`files` keeps what was brought, `reading` says what is in it, `choosing` what the editor decides, `working` plans and
applies, at once or in `manage.py worker`, `previewing` shows a plan page by page, `views` are the pages.
"""
