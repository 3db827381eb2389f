"""What verbs promise, as a table: `verb slot slot`, from which the kind follows.

A slot is words of which one has to come within a few words after the one before (`pass on|along`),
`<name>` stands for the nouns of that name, `=word` has to follow at once,
`~word` within three. Of several frames that
fit, the one with the most slots speaks. The frames of NOTHING look like promises and are none.
"""

from __future__ import annotations

from typing import Final

NOTHING: Final = ""

TABLE: Final[dict[str, str]] = {
    NOTHING: """
        have =to; get =through; get =to =see|know|meet|work|have|keep|enjoy; take you =to
        see =you|ya; see =everyone|y'all|a|it|that|them|this|in; look =forward
        call =it|attention; give =it =a =try|go|shot; give =up; give =me|us|them|him|her
        find =it|that|them|this|out =if; get =going|home|ready|older|better|bigger|there|lucky
        get =you =going|home|there|moving|started|out|off
        have =you =up|out|on|off|in|airborne|parked
        have =you =boarding|boarded|deplaned|moving|going|home|headed
        take =off|place|effect|about|up|some|time|a|you|longer
        work =hard|together|tirelessly|out|fine; work =to =get; leave =it|that|you; book =out
        run =out|into|late|smoothly; make =it|sense; make =up; make =your =day; set =sail
        start =over|off; open =for|at|on|up; close =at|on|for|early; expire; remain; depend
        vary; apply =to|for|if|when|only|automatically; move =on|forward|along; cover =all|the
        stop =to; check =in|out; change =a|lives|over|your =mind
        go =on|off|to|with|ahead =without; add =up|to =the
        return =to =the|work|normal|office|town; text|call|email =if
        put =it|that =simply|differently|mildly; keep =going|doing|improving; hold =off|on|you
        share =the =love; send =good|positive|our|my|all|lots|best|hugs|love|vibes|thoughts
        send =me|us; email|call|text|tell|show|bring|give|pay|let =me|us; bring =you =closer|joy
        let =you =go|get|off|down; let =go|it|him|them|us|me; write =home
        give =you =a =run|hard|chance; talk =soon; talk =then|later; drop =off|out
        follow =suit|the; raise =a =glass|prices|the; call =him|her|them|you =names
        bring =my|our|the; work =with =you
    """,
    "refund": """
        refund|reimburse|repay|redeposit; pay you|it|that|him|her|your =back; pay =back
        give|get|send|have|put|return money|funds|cash|payment back; pay <money> back
        give|issue|process|send|arrange|make <refund>
        get|do|raise|request|submit|release|authorise <refund>
        authorize|approve|push|put|initiate|start|action|complete|provide|offer|organise <refund>
        trigger|post|apply|honour|honor|see|handle|expedite|chase|sort|organize|file <refund>
        return|release|send|transfer|credit|restore|wire|redeposit|give|get|pay|repay|have <cash>
        reverse|remove|void|drop <money>; reverse =the|that|this|it; credit back
    """,
    "credit": """
        credit|compensate|award|reward; goodwill; discount; waive; knock|take|shave off
        add|apply|give|send|issue|offer|put <credit>
        get|load|drop|throw|arrange|honour|honor|provide <credit>
        extend|post|grant|do|process|deposit|include|hand|transfer|restore <credit>
        make up =for; refund|return|reinstate|redeposit|recredit miles|points
        add|give|put =some|extra|free; recredit|re-credit
    """,
    "callback": """
        call|phone|ring|telephone|dial|recall; give <call>
        make|place|arrange|schedule|book <call>; set|have|organise|plan <call>; set =up <call>
        try you|your =again|number; get|be on =the =phone; hop|jump on =a =call
        speak|talk =to|with =you|him|her|them; leave voicemail
    """,
    "visit": """
        pick up; visit; come =out|by|over|round|around|down
        come =and =see|fix|look|collect|check|pick|install; come =to =you|your|the; attend
        install; uninstall; survey
        send|get|book|schedule|arrange|dispatch|assign|organise|have|call|order =out <visitor>
        send|get|book|schedule|dispatch|assign|organise|call|order|arrange|allocate <visitor>
        arrange|book|schedule|organise|set|make|confirm|do|plan|fix|carry <visit>
        send|get|have someone|somebody|anyone out|over|round|down|by|to; pick =up
        pick you|it|them|that|her|him =up; collect
        pop|swing|stop|drop =by|round|in|over|out|down; meet =you|him|her|them|with|in|at
        drive =over|out|you|down; tow; be =there|out|round|over =between
    """,
    "replacement": """
        request|raise|process|initiate|submit|arrange|place|issue replacement|exchange
        reorder|rush; replace|reship|exchange|swap|redeliver
        ship|deliver|dispatch|courier|overnight|express-ship
        send|mail|post|get|give|drop|bring <goods>
        order|arrange|issue|put|provide|forward|organise <goods>
        return|resend|expedite|reorder|rush|fedex <goods>
        express|hand|leave|prepare|make|print|set <goods>
        send =out|you =out|it|them|these|those|another|new|replacement
        send you|it|them =one|another|new; post =you|it|them|out
        drop =it|them|your|the in|off|round|by|at; resend =it|that|them|your
        bring =it|them|your|you|up|over|round; mail =it|them|you =a|another; replenish; restock
    """,
    "repair": """
        restore|fix|repair|mend|patch|rectify
        unclog|reconnect|debug|re-wire|rewire|descale|unblock
        restore =service|power|your|the|water|access|connection; get|have|be =up =and =running
        get|have|be back =up|online|working|running; get working|running|online
    """,
    "escalation": """
        pass =on|along|over|onto|through|up|to|back|upwards; escalate; refer; relay; elevate
        alert
        pass it|this|that|these|them|your|the|<feedback> on|along|over|to|onto|through|up|back
        forward =to|on|onto|over|along|it|this|that|these|them|your|the; forward <feedback>
        feed back; feedback; flag; hand =over|off; hand it|this|that|you|your|the over|off|to
        raise; report; log; submit; lodge; file; loop =in; loop <team>
        transfer =you|your|this|the =to|call|over|through; connect|transfer =you
        put =you =through|in; connect <team>; put =you|them =through; put =in =touch|contact
        put you =in; assign; delegate; bring up|attention|to; take up|further|forward|higher
        take =this|it|that =up|to|further|forward|higher|back; draw attention; credit =the =crew
        share =your|the|this|that|these|our <feedback>; share <feedback>|with <team>; commend
        recognise; share =this|that|it|your with|to
        tell|let|inform|notify|advise|remind|thank|remember <team>
        tell|let|inform|notify|advise|remind|thank =the|our|my|him|her|them|everyone; recognize
        nominate
        speak|talk|check|liaise|consult|discuss|work|confirm|coordinate|follow to|with|up <team>
        ask
        send|give|submit|email|message|text|write|address|direct|route|report|mail to|at|on <team>
        send =it|this|that|these|your =up|on|over|along|across; send =your =way
        send your|the <feedback>
        contact|alert|page|nudge|prod|press|push|consult =the|our|my|their|his; thank; consult
        liaise; message|email|text|mail|write =the|our|my|their|his ~<team>; chase ~<team>
        direct; route
        ask|have|get =a|an ~member|manager|specialist|supervisor|technician|colleague|agent|rep
        ask|have|get =a|an ~representative|engineer|nurse|advisor|adviser|expert|doctor
        have|get|ask =my|our|the|your|one ~<team>
        have|get|ask =him|her|them|someone|somebody ~<team>
        have|get|ask =<name> to|call|contact|look|check
        have|get|ask =him|her|them|someone|somebody =to|call|contact|reach
        have|get|ask =him|her|them|someone|somebody =email|get|look|check|ring
        send =<name> =your|over|to; make =sure =the|our <team>; get =the =team|word
        send =the =word; communicate to|with <team>; make =a =note =of|for
        document =your|this|the
    """,
    "change": """
        cancel|change|rebook|reschedule|switch|upgrade
        downgrade|amend|modify|adjust|reinstate|renew
        reserve|activate|deactivate|reactivate|reset|unlock
        unblock|register|enrol|enroll|merge|delete
        remove|extend|update|correct|book|move|transfer|add|close|open|register|whitelist|suspend
        re-book|re-accommodate|reaccommodate|rearrange|swap|freeze|unfreeze|block|terminate
        stop =the|your|those|any|that|this|it; disconnect|reconnect|backdate|reassign|reallocate
        accommodate|override|reopen|migrate|convert; postpone|bring =forward; push =back|out
        hold =it|your|the|a; save =you|a|your; pre-book
        put =your|you|him|her|them|it|a =on|onto|down|in|under|aside|hold|note|name
        set =aside|up; sign =you; sign|get you =up; take =you|your|that|it|this =off|down
        switch =on|off|over; turn =on|off; top =up; put you|your|him|her|name on|onto|down
        get =you|your|him|her ~onto|into; place|note|record|apply
        issue|reissue|process|approve|authorise|authorize
        lift|grant|enter|edit|subscribe|unsubscribe|opt; schedule|arrange|organise|organize
        seat; sit; assign =you|him|them
    """,
    "followup": """
        email|message|text|mail|dm|pm|fax|write
        reply|respond|answer|contact|inform|notify|advise|tell|tweet
        update =you|everyone|him|her|them|this|soon|tomorrow|again|the =thread|customer|family
        update =.; update; reach =out|back; reach you|him|her|them; get =back|with|in|onto|on|to
        get <message>; get =hold
        get it|that|this|these|them|everything|things|you ~back|over|out
        get it|that|this|these|them|everything|things ~to|ready|done|sorted; follow =up|through
        follow it|this|that|you =up; come =back; come =up =with; revert; circle =back
        touch =base; ping; drop =you
        keep =you|him|her|them|an|everyone|your|looking|thinking|working|trying|checking|pushing
        keep posted|updated|informed|loop|eye; let know|<message>; report =back; confirm; send
        resend; provide; share; forward =you|him|her; forward to =you|him|her|them; forward
        supply; show; explain; clarify; give =you|him|her|them|an|the|your|it|this|that
        give <message>|look; have|get|make ready|done|<message>
        look =into|at|for|through|over|up|after|in|again|further|closely; look
        check|investigate|review|research|examine; see =if|what|whether|how|to|about|who|when
        find; figure =out; work =on|through|out|up|with; work
        sort|resolve|handle|address|manage|chase|track
        trace|locate|search|verify|test|analyse|analyze|dig; deal =with
        take =a =look|peek|closer; take =look|care|peek; take =another|care
        have =a =look|word|think|read|dig; monitor|watch|follow|study|evaluate|assess|consider
        validate|replicate|reproduce|compare|inspect|audit|read|scan
        go =over|through|back|from|into|and; help|assist|support|guide|walk; ensure|guarantee
        make =sure|certain; prepare|draft|compile|gather|collate|summarize|summarise
        compose|revise|finalize|finalise|edit|type|print
        run =through|it|this|a|some|the|your|by; pull =together|up; put =together; line =up
        firm =up; draw =up
        upload|attach|copy|cc|post|publish|present|deliver =the =report|an|a =update
        bring =you =up; pursue|crack
        double-check|doublecheck|recheck|re-check|query|quote|calculate|estimate|work =up
        expedite|prioritise; prioritize|speed|push|fast-track|continue|proceed|begin =this|it
        attach|begin|calculate|cc|copy
        communicate|coordinate|double-check|doublecheck|estimate|query
        fast-track|include|prioritize|proceed|quote|recheck
        re-check|speed|upload|publish|present|document
        remind|action; carry =out|on; start|complete|finish|discuss|talk|speak
        get =started|cracking; go =from =there; take =it =from =there; get =back =in =touch
        catch =up|you; return =your|the|his|her =call|email|message
        hear|announce|brief|debrief|answer|reveal|advise
    """,
    "other": """
        request|initiate|trigger|release|fill
        order|pay|buy|purchase|train|donate|make|create|build
        hold|save|keep|sign|bring|invite|host|attend|plan
        set|put|offer|organise|cover|return|waive|absorb
        match|honor|honour|protect|refill|clean|wash|measure
        translate|notarize|witness|file|stamp|bake|cook|plant
        water|feed|walk|wrap|charge|bill|pack|store|assemble
        serve|pour|warm|heat|cool|rent|lease
        hire|recruit|translate|reprint|laminate|engrave|certify|endorse; get|have
    """,
}
