// Printed from grammar/keywords.tsv. The language itself is grammar/dateline.ebnf; this grammar is for editors.
module.exports = grammar({
  name: 'dateline',
  extras: $ => [/[\s\u{A0}\u{202F}\u{FEFF}]/, $.comment],
  rules: {
    source_file: $ => seq(repeat(seq(optional($.statement), ';')), optional($.statement)),
    statement: $ => repeat1($._item),
    group: $ => seq('(', repeat($._item), ')'),
    _item: $ => choice(
      $.group, $._keyword, $.field, $.saved, $.parameter, $.string, $.date, $.number, $.regex, $.object, $.sign,
    ),
    _keyword: $ => choice($.statement_keyword, $.clause_keyword, $.condition_keyword, $.modifier_keyword, $.value_keyword, $.unit_keyword, $.format_keyword),
    statement_keyword: _ => token(choice(
      /[aA][dD][dD]/, // add
      /[aA][lL][iI][aA][sS]/, // alias
      /[aA][lL][iI][aA][sS][eE][sS]/, // aliases
      /[aA][nN][aA][lL][yY][zZ][eE]/, // analyze
      /[aA][vV][eE][rR][aA][gG][eE]/, // average
      /[cC][oO][uU][nN][tT]/, // count
      /[dD][eE][fF][iI][nN][eE]/, // define
      /[dD][eE][lL][eE][tT][eE]/, // delete
      /[dD][eE][sS][cC][rR][iI][bB][eE]/, // describe
      /[dD][rR][oO][pP]/, // drop
      /[eE][xX][pP][lL][aA][iI][nN]/, // explain
      /[eE][xX][pP][oO][rR][tT]/, // export
      /[fF][iI][eE][lL][dD][sS]/, // fields
      /[fF][iI][nN][dD]/, // find
      /[iI][nN][sS][eE][rR][tT]/, // insert
      /[lL][iI][sS][tT]/, // list
      /[mM][aA][xX]/, // max
      /[mM][eE][dD][iI][aA][nN]/, // median
      /[mM][iI][nN]/, // min
      /[pP][aA][iI][rR][sS]/, // pairs
      /[rR][eE][mM][oO][vV][eE]/, // remove
      /[rR][eE][pP][lL][aA][cC][eE]/, // replace
      /[rR][uU][nN]/, // run
      /[sS][aA][vV][eE][dD]/, // saved
      /[sS][eE][tT]/, // set
      /[sS][hH][oO][wW]/, // show
      /[sS][uU][mM]/, // sum
      /[tT][iI][mM][eE][lL][iI][nN][eE]/, // timeline
      /[tT][oO]/, // to
      /[tT][oO][pP]/, // top
    )),
    clause_keyword: _ => token(choice(
      /[aA][fF][tT][eE][rR]/, // after
      /[aA][sS]/, // as
      /[aA][sS][cC]/, // asc
      /[bB][eE][sS][tT]/, // best
      /[bB][yY]/, // by
      /[cC][oO][mM][pP][aA][rR][eE]/, // compare
      /[dD][eE][sS][cC]/, // desc
      /[dD][uU][pP][lL][iI][cC][aA][tT][eE][sS]/, // duplicates
      /[eE][xX][tT][rR][aA][cC][tT][iI][oO][nN]/, // extraction
      /[fF][iI][rR][sS][tT]/, // first
      /[fF][oO][lL][dD][eE][dD]/, // folded
      /[lL][iI][mM][iI][tT]/, // limit
      /[nN][eE][wW][eE][sS][tT]/, // newest
      /[oO][fF][fF][sS][eE][tT]/, // offset
      /[oO][lL][dD][eE][sS][tT]/, // oldest
      /[oO][rR][dD][eE][rR]/, // order
      /[sS][cC][oO][rR][eE]/, // score
      /[sS][hH][aA][rR][eE]/, // share
      /[sS][nN][iI][pP][pP][eE][tT][sS]/, // snippets
      /[sS][pP][lL][iI][tT]/, // split
      /[tT][oO][tT][aA][lL]/, // total
      /[wW][hH][eE][rR][eE]/, // where
      /[wW][iI][tT][hH]/, // with
    )),
    condition_keyword: _ => token(choice(
      /[aA][nN][dD]/, // and
      /[aA][nN][yY][oO][nN][eE]/, // anyone
      /[aA][tT]/, // at
      /[bB][eE][fF][oO][rR][eE]/, // before
      /[bB][eE][tT][wW][eE][eE][nN]/, // between
      /[cC][oO][nN][tT][aA][iI][nN][sS]/, // contains
      /[eE][nN][dD][sS]/, // ends
      /[eE][xX][iI][sS][tT][sS]/, // exists
      /[iI][nN]/, // in
      /[iI][sS]/, // is
      /[lL][eE][aA][sS][tT]/, // least
      /[mM][aA][tT][cC][hH][eE][sS]/, // matches
      /[mM][eE][nN][tT][iI][oO][nN][sS]/, // mentions
      /[mM][iI][sS][sS][iI][nN][gG]/, // missing
      /[nN][eE][aA][rR]/, // near
      /[nN][oO][tT]/, // not
      /[nN][uU][mM][bB][eE][rR]/, // number
      /[oO][fF]/, // of
      /[oO][nN]/, // on
      /[oO][rR]/, // or
      /[oO][vV][eE][rR][lL][aA][pP][sS]/, // overlaps
      /[pP][lL][aA][cC][eE]/, // place
      /[qQ][uU][oO][tT][eE][sS]/, // quotes
      /[sS][aA][mM][eE]/, // same
      /[sS][aA][yY][iI][nN][gG]/, // saying
      /[sS][iI][nN][cC][eE]/, // since
      /[sS][tT][aA][rR][tT][sS]/, // starts
      /[uU][nN][tT][iI][lL]/, // until
      /[wW][iI][tT][hH][iI][nN]/, // within
    )),
    modifier_keyword: _ => token(choice(
      /[aA][lL][lL]/, // all
      /[aA][nN][yY]/, // any
      /[eE][xX][aA][cC][tT]/, // exact
      /[fF][uU][zZ][zZ][yY]/, // fuzzy
      /[lL][iI][kK][eE]/, // like
      /[nN][oO][nN][eE]/, // none
      /[pP][rR][eE][fF][iI][xX]/, // prefix
      /[sS][tT][eE][mM]/, // stem
    )),
    value_keyword: _ => token(choice(
      /[aA][gG][oO]/, // ago
      /[fF][aA][lL][sS][eE]/, // false
      /[lL][aA][sS][tT]/, // last
      /[nN][oO][wW]/, // now
      /[tT][hH][iI][sS]/, // this
      /[tT][oO][dD][aA][yY]/, // today
      /[tT][rR][uU][eE]/, // true
      /[yY][eE][sS][tT][eE][rR][dD][aA][yY]/, // yesterday
    )),
    unit_keyword: _ => token(choice(
      /[dD][aA][yY]/, // day
      /[dD][aA][yY][sS]/, // days
      /[eE][dD][iI][tT]/, // edit
      /[eE][dD][iI][tT][sS]/, // edits
      /[hH][oO][uU][rR]/, // hour
      /[hH][oO][uU][rR][sS]/, // hours
      /[mM][iI][nN][uU][tT][eE]/, // minute
      /[mM][iI][nN][uU][tT][eE][sS]/, // minutes
      /[mM][oO][nN][tT][hH]/, // month
      /[mM][oO][nN][tT][hH][sS]/, // months
      /[pP][aA][rR][aA][gG][rR][aA][pP][hH]/, // paragraph
      /[qQ][uU][aA][rR][tT][eE][rR]/, // quarter
      /[qQ][uU][aA][rR][tT][eE][rR][sS]/, // quarters
      /[sS][eE][nN][tT][eE][nN][cC][eE]/, // sentence
      /[tT][iI][mM][eE]/, // time
      /[tT][iI][mM][eE][sS]/, // times
      /[wW][eE][eE][kK]/, // week
      /[wW][eE][eE][kK][dD][aA][yY]/, // weekday
      /[wW][eE][eE][kK][sS]/, // weeks
      /[wW][oO][rR][dD]/, // word
      /[wW][oO][rR][dD][sS]/, // words
      /[yY][eE][aA][rR]/, // year
      /[yY][eE][aA][rR][sS]/, // years
    )),
    format_keyword: _ => token(choice(
      /[cC][sS][vV]/, // csv
      /[hH][tT][mM][lL]/, // html
      /[jJ][sS][oO][nN]/, // json
      /[mM][aA][rR][kK][dD][oO][wW][nN]/, // markdown
      /[nN][dD][jJ][sS][oO][nN]/, // ndjson
      /[pP][aA][rR][qQ][uU][eE][tT]/, // parquet
      /[sS][vV][gG]/, // svg
      /[tT][sS][vV]/, // tsv
    )),
    field: $ => seq($.identifier, repeat(seq('.', choice($.identifier, $._keyword)))),
    identifier: _ => token(choice(/[\p{XID_Start}_]\p{XID_Continue}*/, /`([^`\n]|``)+`/)),
    saved: _ => token(/@([\p{XID_Start}_]\p{XID_Continue}*|`([^`\n]|``)+`)/),
    parameter: _ => token(/\$[1-9][0-9]*|:[A-Za-z_][A-Za-z0-9_]*/),
    string: _ => token(choice(/"([^"\\\n]|\\.)*"/, /'([^'\\\n]|\\.)*'/, /“[^”\n]*”/)),
    date: _ => token(/[0-9]{4}-(Q[1-4]|W[0-9]{2}|[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)/),
    number: _ => token(/-?[0-9]+(\.[0-9]+)?/),
    regex: _ => token(/\/([^\/\\\n]|\\.)+\/[ims]*/),
    sign: _ => token(choice('=', '!=', '<=', '>=', '<', '>', '..', ',', '*')),
    object: $ => seq('{', repeat($._json), '}'),
    _json: $ => choice($.object, $.array, $.string, $.number, $.literal, ',', ':'),
    array: $ => seq('[', repeat($._json), ']'),
    literal: _ => token(choice('true', 'false', 'null')),
    comment: _ => token(/(#|--)[^\n]*/),
  },
});
