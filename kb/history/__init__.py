"""What a record of the desk was at any moment, what differs between two, and the way back.

`states` reads django-simple-history and the tables, `loading` a published document; both give a `State`. `differences`
tells two of them apart in words, `entries` tells who did what and when, `restoring` makes one the present again.
"""
