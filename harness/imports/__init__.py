"""Results of other tools become sealed datasets: one module a tool, and nothing that measures.

``formats`` finds out from the content which tool wrote a file; its module reads it into a ``foreign.Foreign``, request
by request; ``importing`` declares what it is and hands it to the recorder.
"""
