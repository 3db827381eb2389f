"""What verbs promise, as a table: `verb slot slot`, from which the kind follows.

A slot is words of which one has to come: within a few words after the one before (`pass on|along`),
within four (`~on`), or at once (`=on`). `<team>` stands for the nouns of that name, `<name>` for a
word with a capital, `<verb>` for any verb of this table. Of the frames of a verb that fit, the one
with the most slots speaks, and of these the first. What NOTHING holds only sounds like a promise.
"""

from __future__ import annotations

from typing import Final

NOTHING: Final = ""

TABLE: Final[dict[str, str]] = {
    NOTHING: """
        have =to; have =you =up|out|on|off|in|airborne|parked|boarding|boarded|moving|going|home
        have|get =you ~wheel|wheels|way|air|ground|sky; get =through
        get =to =see|know|meet|work|have|keep|enjoy; get =going|home|ready|lucky|there
        get =older|better|bigger|together; get =you =going|home|there|moving|started|out|off
        see =you|ya|everyone|a|it|that|them|this|in; look =forward; talk =soon|then|later
        take =off|place|effect|about|up|some|time|a|you|longer; take you =to; leave =it|that
        give =it =a =try|go|shot; give =up; give =me|us; give =you =a =run|hard|chance
        send =good|positive|our|my|all|lots|best|hugs|love|vibes|thoughts|me|us; share =the =love
        ask =you; tell =you =what =,; start =work|my|our; move =to|into|offices|house; announce
        reveal; publish
        email|call|text|tell|show|bring|pay =me|us
        get|come =back =to =me|us; let =me|us|go
        let =you =go|get|off|down
        call =it|attention; call =him|her|them|you =names|a|an; consider|take =it|that =a|as
        get =off; have =more
        text|call|email =if; work =with =you
        work =hard|together|tirelessly|out|fine; work =to =get; bring =you =closer|joy
        make =it|sense|up; make =your =day; pop =up|in|into; take =your =time
        find =it|that|them|this =if|very; set =sail
        start =over|off; stop =to; run =out|into|late|smoothly; move =on|forward|along; book =out
        open|reopen|close|move =for|at|on|up|in|next|this|soon|early|late|again
        change =a|lives|over; change =your =mind
        go =on|off|to|with; add =up; return =to =the|work|normal|office|town; check =in|out
        put =it|that =simply|differently|mildly; keep =going|doing|improving; hold =off|on|you
        drop =off|out; follow =suit|the; raise =a =glass|prices|the; apply =to|for|if|when|only
        meet =you =there; meet =you =in =dm|dms; see =how =it; write =home; be =there =for
        expire; remain; charge; bill; depend; vary
    """,
    "refund": """
        refund; reimburse; repay; redeposit; credit back; pay back; pay <money> back; pay =for
        give|get|send|have|put|return money|funds|cash|payment back; cover <money>|cost|costs
        give|get|send|have|put|see|do|make|raise|issue|process|arrange|request|submit <refund>
        release|authorise|authorize|approve|push|initiate|start|action|complete|provide <refund>
        offer|organise|organize|trigger|post|apply|honour|honor|handle|expedite|chase|file <refund>
        return|release|send|transfer|credit|restore|wire|deposit|give|get|pay|repay|have <cash>
        reverse|remove|void|drop <money>; reverse
        make =sure|certain get|receive money|refund|refunded
    """,
    "credit": """
        credit; recredit; re-credit; compensate; award; reward; goodwill; discount; waive
        knock|take|shave off; throw =in
        give =you ~free; make =it|this|that =up =to; give =you =off; make up =for
        add|give|put =some|extra|free
        add|give|put =a|an|you|one =free|extra|complimentary
        add|apply|give|send|issue|offer|put|get|load|drop|throw|pop|arrange|honour|honor <credit>
        provide|extend|post|grant|do|process|deposit|include|hand|transfer|restore|email <credit>
        refund|return|reinstate|redeposit|recredit|restore miles|points
    """,
    "callback": """
        be =on =the =phone; have|get|ask call|ring|phone|telephone =you
        have|get|ask give =you =a =call|ring|bell
        call; phone; ring; telephone; dial; recall; give <call>; leave voicemail|message
        make|place|arrange|schedule|book|set|have|organise|organize|plan <call>
        try you|your =again|number; get on =the =phone; hop|jump on =a =call
        speak|talk =to|with =you
    """,
    "visit": """
        call =round|around|in|by; be =with =you; be =round|over; be =out =to; be =at =your
        visit; attend; install; uninstall; survey; collect; tow; inspect =your
        come =out|by|over|round|around|down; come =to =you|your; pick up
        come =and =see|fix|look|collect|check|pick|install; drive =over|out|you|down
        send|get|book|schedule|arrange|dispatch|assign|organise|organize|call|order <visitor>
        allocate|have|find =a|an|the|our ~<visitor>
        have|get|ask =a|an|the|our|one ~<visitor> =<verb>|to
        send|get|have someone|somebody|anyone out|over|round|down
        arrange|book|schedule|organise|organize|set|make|confirm|do|plan|fix|carry <visit>
        pop|swing|stop|drop =by|round|in|over; meet =you|him|her|them|with
    """,
    "replacement": """
        replace; reship; exchange; swap; redeliver; ship; deliver; dispatch; courier; overnight
        express-ship; replenish; restock; reorder; rush; fedex; attempt delivery|redelivery
        pop =a|it|one|them|the|your
        request|raise|process|initiate|submit|arrange|place|issue|set|put replacement|exchange
        send|mail|post|get|give|drop|bring|order|arrange|issue|provide|forward|organise <goods>
        organize|resend|expedite|express|hand|leave|prepare|make|print|return|post|have <goods>
        get =a|you =new|another|a|replacement =one|new|replacement; get|put|have ~in =the =post|mail
        send|ship|post|mail|get|order =another =one; send =you =another|one; send =you =a =new =one
        send =a =new =one; send =you|it|them =out|one|over; mail =it|them|you =a|another
        post =you|it|them|out; drop =it|them|your|the in|off|round|by|at; resend =it|that|them
        bring =it|them|your|you =up|over|round|a|the|out
    """,
    "repair": """
        push|roll|release|ship|deploy|get|have|issue ~fix|patch|hotfix; roll =back|out
        have ~back =on
        fix; repair; mend; patch; rectify; unclog; reconnect; debug; rewire; descale; unblock
        restore; get|have|be up =and =running; get|have|be back =up|online|working|running
        get working|running|online
    """,
    "escalation": """
        pass =on|along|over|onto|through|up|to|back; hand =over|off; escalate; refer; relay; elevate
        pass it|this|that|these|them|your|the|<feedback> on|along|over|to|onto|through|up|back
        hand it|this|that|you|your|the over|off|to; feed back; feedback; flag; raise; report; log
        forward =to|on|onto|over|along|this|that|these|your|the; forward it|them ~to|on|over|along
        forward <feedback>
        submit; lodge; file; assign; delegate; commend; recognise; recognize; nominate; document
        loop =in; loop <team>; give <name> heads|heads-up
        transfer =you|your|this|the =to|call|over|through; connect =you
        transfer =you; connect <team>; put =you|them =through|in =touch; direct; route
        bring up|attention|to; draw attention; take up|further|higher; take forward
        thank =him|her|them|the|our; mention ~to
        take =this|it|that =up|to|further|forward|higher|back; share <feedback>; share with <team>
        share =this|that|it|your with|to; let =him|her|them know; ask; consult; liaise; alert
        tell|let|inform|notify|advise|remind|remember <team>
        tell|inform|notify|advise|remind =the|our|my|him|her|them|everyone
        speak|talk|check|consult|discuss|work|confirm|coordinate|follow to|with|up <team>
        speak|talk|check|liaise =to|with =<name>|him|her|them
        get|address|handle|raise|discuss|share to|with|over <team>; communicate to|with <team>
        send|give|submit|email|message|text|write|report|mail|address ~to|at|on <team>
        send =it|this|that|these|your =up|on|over|along|across; send =your =way
        send =your|these <feedback>
        send =the|this ~feedback|comments|complaint|thanks|praise|suggestion
        send =<name> =your|over|to; get =the =team|word; send =the =word
        contact|page|nudge|prod|press|push =the|our|my|their|his; chase ~<team>
        message|email|text|mail|write =the|our|my|their|his ~<team>
        have|get|ask =my|our|the|your|one ~<team>; have|get|ask =a|an ~<team> =<verb>|to
        ask|have|get =a|an ~member|manager|specialist|supervisor|colleague|representative
        have|get =him|her|them|someone|somebody =<verb>|to; have =<name> =<verb>; get =<name> =to
        make =sure knows|know|hears|hear|sees|receives; make =sure =the|our <team>
        make =a =note =of|for; give =him|her|them|our|the <feedback>|pat|shout|kudos|thumbs
        pop|send|fire|run|ping|get =it|this|that|these ~over|across|past|to <team>; tell =<name>
        suggest ~to <team>; put =this|that|it|your =forward
        add =this|that|it|your suggestions|suggestion|wishlist|feedback|request|requests
        make aware; let =the|our|their|my ~know; have =a =chat|word|conversation ~<team>
        make =sure reaches|reach; make =sure gets|receives <feedback>; ensure reaches <team>
        put|open|raise|log|create|submit =a|an|your|in ticket|case|complaint|request
        file|lodge|place =a|an|your|in ticket|case|complaint|request
    """,
    "change": """
        find|get =you =another|a|on ~flight|flights|seat|seats|room|table|slot|train|bus|ferry
        pop =you|your|him|her|them|it|that ~list|waitlist|waiting|account|order|booking|system
        take you|your|him|her|name off
        make =a =note booking|account|reservation|order|profile|file
        make =a =note =of booking|account|reservation|order|profile|file
        cancel; change; rebook; re-book; reschedule; switch; upgrade; downgrade; amend; modify
        adjust; reinstate; renew; reserve; activate; deactivate; reactivate; reset; unlock; register
        enrol; enroll; merge; delete; remove; extend; update; correct; book; move; transfer; add
        close; open; whitelist; suspend; reaccommodate; re-accommodate; rearrange; freeze; unfreeze
        block; terminate; disconnect; backdate; reassign; reallocate; accommodate; override; reopen
        migrate; convert; postpone; void; pre-book; place; note; record; apply; issue; reissue; lift
        process; approve; authorise; authorize; grant; enter; edit; subscribe; unsubscribe; opt
        schedule; arrange; organise; organize; allocate; seat; sit; assign =you|him|them
        bring =forward; push =back|out; hold =it|your|the|a; save =you|a|your; sign =you
        put =your|you|him|her|them|it|a =on|onto|down|in|under|aside|hold|note|name; put ~aside
        put you|your|him|her|name on|onto|down; get =you|your|him|her ~onto|into; set =aside|up
        sign|get you =up; take =you|your|that|it|this =off|down; switch =on|off|over
        turn =on|off; top =up; stop =the|your|those|any|that|this|it
        attach|add|put|leave|make =a|an|the ~note|comment|remark
        make reservation|reservations|booking|change|changes|adjustment|adjustments|appointment
    """,
    "followup": """
        be|get =in =touch|contact|communication; be =back =in =touch|contact; be =back =to|with
        stay|keep =in =touch; make contact; be =on =it
        double|triple =check|verify|confirm; shoot =you|over|across; page; nail =down; mock =up
        forward|pass|send it|them|this|that|these ~to =you; get it|this|that|these|them ~to =you
        get it|that|this|these|them|everything|things ~squared|sorted|resolved|looked
        continue =there|by|over|privately
        redline; mark =up|it; countersign; pull =the|your|that|this|up; make =it|this|that =right
        get <name> ~back; get =you|him|her|them =set; get =you|u|him|her|them =the|a|an|my|our|those
        email; message; text; mail; dm; pm; fax; write; reply; respond; answer; contact; inform
        notify; advise; tell; tweet; let know|<message>; confirm; brief; hear
        update =you|everyone|him|her|them|this|soon|tomorrow|again|customer|family|.
        reach =out|back|you|him|her|them; get =back|with|in|onto|on|to; get =hold; get <message>
        get it|that|this|these|them|everything|things|you ~back|over|out
        get it|that|this|these|them|everything|things ~to|ready|done|sorted; get =started|cracking
        get it|that|this|things ~moving|going|rolling|started; make =a ~decision
        follow =up|through; follow it|this|that|you =up; come =back; come =up =with; revert
        circle =back; touch =base; ping; drop =you; report =back; catch =up|you
        keep =you|him|her|them|an|everyone|your|looking|thinking|working|trying|checking|pushing
        keep posted|updated|informed|loop|eye; call|phone|return =your =call
        send; resend; provide; share; forward; supply; show; explain; clarify; attach; cc; copy
        forward =you|him|her; forward to =you|him|her|them; return =your =call|email|message
        give =you|him|her|them|an|the|your|it|this|that; give <message>|look
        have|get|make ready|done|<message>
        have it|this|that|them|everything|something ~to|over|out|for
        issue|give|file <message>
        look; check; investigate; review; research; examine; sort; resolve; handle; address; manage
        chase; track; trace; locate; search; verify; test; analyse; analyze; dig; deal =with; find
        see =if|what|whether|how|to|about|who|when; figure =out; work; double-check; doublecheck
        take =a =look|peek|closer; take =look|care|peek; take =another|care; discuss; talk; speak
        have =a =look|word|think|read|dig; monitor; watch; follow; study; evaluate; assess; consider
        validate; replicate; reproduce; compare; inspect; audit; read; scan; recheck; re-check
        go =over|through|back|from|into|and; help; assist; support; guide; walk; ensure; guarantee
        make =sure|certain; prepare; draft; compile; gather; collate; summarize; summarise; compose
        revise; finalize; finalise; edit; type; print; run =through|it|this|a|some|your|by|the
        pull =together|up; put =together; line =up; firm =up; draw =up; upload; post; circulate
        distribute
        present; deliver =the =report; deliver =an|a =update; pursue; query; quote; calculate
        estimate; expedite; prioritise; prioritize; speed; push; fast-track; proceed; begin; start
        complete; finish; pick =this|it; action; carry =out|on; remind; communicate; coordinate
        go =from =there; take =it =from =there; include; crack; debrief
    """,
    "other": """
        order; pay; buy; purchase; train; donate; make; create; build; hold; save; keep; sign; bring
        invite; host; plan; set; put; offer; cover; return; absorb; match; honor; honour; protect
        drop =off; recalculate; reprice; rework; rebuild; retest; rerun; load
        honor|honour|match =that|the|your|this ~price|prices|quote|fare|rate|deal|offer
        refill; clean; wash; measure; translate; notarize; witness; stamp; bake; cook; plant; water
        feed; wrap; pack; store; assemble; serve; pour; warm; heat; cool; rent; lease
        hire; recruit; reprint; laminate; engrave; certify; endorse; request; initiate; trigger
        release; fill; empty; clear; get; pick
        set =up meeting|conference; schedule|arrange|organise|organize|plan =a =conference
        arrange|schedule|book|organise|organize|plan ~meeting|conference
    """,
}
