" Vim syntax file. Language: dateline queries (*.dql). Printed from grammar/keywords.tsv.
if exists('b:current_syntax')
  finish
endif

syntax case ignore
syntax keyword datelineStatement add alias aliases analyze average count define delete describe drop explain export fields find insert list max median min pairs remove replace run saved set show sum timeline to top
syntax keyword datelineClause after as asc best by compare desc duplicates extraction first folded limit newest offset oldest order score share snippets split total where with
syntax keyword datelineCondition and anyone at before between ends exists in is least matches mentions missing near not number of on or overlaps place quotes same saying since starts until within
syntax match datelineCondition "\<contains\>"
syntax keyword datelineModifier all any exact fuzzy like none prefix stem
syntax keyword datelineValue ago false last now this today true yesterday
syntax keyword datelineUnit day days edit edits hour hours minute minutes month months paragraph quarter quarters sentence time times week weekday weeks word words year years
syntax keyword datelineFormat csv html json markdown ndjson parquet svg tsv

syntax match datelineNumber "-\?\<\d\+\(\.\d\+\)\?\>"
syntax match datelineDate "\<\d\{4}-\(Q[1-4]\|W\d\d\|\d\d\(-\d\d\(T\d\d:\d\d\(:\d\d\)\?\(Z\|[+-]\d\d:\d\d\)\?\)\?\)\?\)"
syntax match datelineParameter "\$[1-9]\d*\|:[A-Za-z_]\w*"
syntax match datelineSaved "@\k\+"
syntax match datelineEscape contained "\\\(["'\\nrt]\|u{\x\{1,6}}\)"
syntax region datelineString start=+"+ skip=+\\.+ end=+"\|$+ contains=datelineEscape
syntax region datelineString start=+'+ skip=+\\.+ end=+'\|$+ contains=datelineEscape
syntax region datelineString start=+“+ end=+”\|$+
syntax region datelineName start=+`+ end=+`\|$+
syntax match datelineRegex "\(matches\s\+\)\@<=/\([^/\\]\|\\.\)\+/[ims]*"
syntax match datelineComment "\(#\|--\).*$"

highlight default link datelineStatement Statement
highlight default link datelineClause Keyword
highlight default link datelineCondition Operator
highlight default link datelineModifier StorageClass
highlight default link datelineValue Constant
highlight default link datelineUnit Type
highlight default link datelineFormat Special
highlight default link datelineNumber Number
highlight default link datelineDate Number
highlight default link datelineParameter Identifier
highlight default link datelineSaved Function
highlight default link datelineEscape SpecialChar
highlight default link datelineString String
highlight default link datelineName Identifier
highlight default link datelineRegex String
highlight default link datelineComment Comment

let b:current_syntax = 'dateline'
