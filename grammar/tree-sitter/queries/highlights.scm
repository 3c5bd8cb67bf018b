; Printed from grammar/keywords.tsv.
(statement_keyword) @keyword
(clause_keyword) @keyword
(condition_keyword) @keyword.operator
(modifier_keyword) @keyword.modifier
(value_keyword) @constant.builtin
(unit_keyword) @type
(format_keyword) @type
(comment) @comment
(string) @string
(regex) @string.regexp
(number) @number
(date) @number
(parameter) @variable.parameter
(saved) @function
(field) @variable.member
(sign) @operator
(literal) @boolean
["(" ")" "{" "}" "[" "]"] @punctuation.bracket
";" @punctuation.delimiter
