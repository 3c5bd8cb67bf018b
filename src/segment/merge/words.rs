//! The words of all inputs, in order.

use std::collections::BTreeMap;
use std::io::Write;

use fst::Streamer;

use super::Scratch;
use super::plan::{GONE, Plan};
use crate::schema::{Builtin, FieldName};
use crate::segment::TERMINATED;
use crate::segment::error::SegmentError;
use crate::segment::sink::Sink;
use crate::segment::terms::{Languages, Split, StemsWriter, TermInfo, TermPostings, Terms, TermsWriter};

/// Writes words, postings, positions and stems.
pub(super) fn words<W: Write>(
    sink: &mut Sink<W>,
    plan: &Plan<'_>,
    scratch: &Scratch<'_>,
    splits: Vec<Split>,
) -> Result<(), SegmentError> {
    let spools = [scratch.spool("terms"), scratch.spool("postings"), scratch.spool("positions")];
    let (languages, bits) = languages(plan)?;
    let mut output =
        Output { plan, bits, terms: TermsWriter::new(spools, splits)?, stems: StemsWriter::new(languages) };
    let dictionaries = plan.views(|segment| segment.terms())?;
    let mut streams: Vec<_> = dictionaries.iter().map(Terms::stream).collect();
    let mut heads: Vec<Option<(Vec<u8>, u64)>> = vec![None; streams.len()];
    for (head, stream) in heads.iter_mut().zip(&mut streams) {
        *head = stream.next().map(|(word, offset)| (word.to_vec(), offset));
    }
    while let Some(word) = heads.iter().flatten().map(|(word, _)| word).min().cloned() {
        let mut inputs = Vec::new();
        for (input, (head, stream)) in heads.iter_mut().zip(&mut streams).enumerate() {
            let Some((_, offset)) = head.as_ref().filter(|(other, _)| *other == word) else { continue };
            let Some(terms) = dictionaries.get(input) else { continue };
            inputs.push(WordInput::open(input, terms, *offset)?);
            *head = stream.next().map(|(word, offset)| (word.to_vec(), offset));
        }
        output.word(&String::from_utf8_lossy(&word), inputs)?;
    }
    drop(streams);
    output.terms.write(sink)?;
    Ok(output.stems.finish(sink)?)
}

/// Returns the languages of the surviving articles, and the bit of each article's.
fn languages(plan: &Plan<'_>) -> Result<(Languages, Vec<u32>), SegmentError> {
    let mut languages = Languages::default();
    let views = plan.views(|segment| segment.keyword(&FieldName::Builtin(Builtin::Lang)))?;
    let mut bits = Vec::new();
    for (input, ordinal) in plan.sources() {
        let field = views.get(input).and_then(Option::as_ref);
        let lang = field.and_then(|field| Some(field.value(field.values(ordinal).next()?)));
        bits.push(match lang.transpose()? {
            Some(lang) => languages.bit(&lang.folded),
            None => 0,
        });
    }
    Ok((languages, bits))
}

/// A word of one input.
struct WordInput<'s> {
    input: usize,
    terms: Terms<'s>,
    info: TermInfo,
    forms: Vec<&'s [u8]>,
    /// Number of each spelling in the output.
    targets: Vec<u32>,
}

impl<'s> WordInput<'s> {
    fn open(input: usize, terms: &Terms<'s>, offset: u64) -> Result<WordInput<'s>, SegmentError> {
        let forms = terms.form_bytes(offset)?;
        let info = TermInfo { documents: 0, offset };
        Ok(WordInput { input, terms: terms.clone(), info, forms, targets: Vec::new() })
    }

    fn postings(&self) -> Result<TermPostings<'s>, SegmentError> {
        self.terms.postings(self.info)
    }
}

struct Output<'a> {
    plan: &'a Plan<'a>,
    /// Bit of each article's language.
    bits: Vec<u32>,
    terms: TermsWriter,
    stems: StemsWriter,
}

impl Output<'_> {
    fn word(&mut self, word: &str, mut inputs: Vec<WordInput<'_>>) -> Result<(), SegmentError> {
        let forms = self.forms(&inputs)?;
        for input in &mut inputs {
            let target = |form: &&[u8]| forms.iter().position(|other| other == form).unwrap_or(0) as u32;
            input.targets = input.forms.iter().map(target).collect();
        }
        self.terms.begin(word, &forms);
        let languages = self.articles(&inputs)?;
        if let Some(offset) = self.terms.end()? {
            self.stems.add(word, languages, offset);
        }
        Ok(())
    }

    /// Returns the spellings that survive, most frequent first, then by their bytes.
    fn forms(&self, inputs: &[WordInput<'_>]) -> Result<Vec<Vec<u8>>, SegmentError> {
        let first = inputs.first().and_then(|input| input.forms.first());
        if let Some(first) = first.filter(|first| inputs.iter().all(|input| input.forms == [**first])) {
            return Ok(vec![first.to_vec()]);
        }
        let mut counts: BTreeMap<&[u8], u64> = BTreeMap::new();
        let mut numbers = Vec::new();
        for input in inputs {
            let mut tally = vec![0_u64; input.forms.len()];
            let mut list = input.postings()?;
            while list.doc() != TERMINATED {
                self.plan.go_on()?;
                if self.plan.target(input.input, list.doc()) != GONE {
                    numbers.clear();
                    list.forms_into(&mut numbers)?;
                    for &number in &numbers {
                        tally.get_mut(number as usize).into_iter().for_each(|count| *count += 1);
                    }
                }
                list.advance();
            }
            for (form, count) in input.forms.iter().zip(tally).filter(|(_, count)| *count > 0) {
                *counts.entry(form).or_default() += count;
            }
        }
        let mut forms: Vec<(&[u8], u64)> = counts.into_iter().collect();
        forms.sort_by_key(|&(form, count)| (u64::MAX - count, form));
        Ok(forms.into_iter().map(|(form, _)| form.to_vec()).collect())
    }

    /// Writes the surviving articles in order, and returns the bits of their languages.
    fn articles(&mut self, inputs: &[WordInput<'_>]) -> Result<u32, SegmentError> {
        let mut lists = inputs.iter().map(WordInput::postings).collect::<Result<Vec<_>, _>>()?;
        let mut heads: Vec<u32> = Vec::new();
        for (list, input) in lists.iter_mut().zip(inputs) {
            heads.push(self.settle(list, input));
        }
        let (mut languages, mut positions, mut forms) = (0, Vec::new(), Vec::new());
        while let Some((at, target)) =
            heads.iter().copied().enumerate().min_by_key(|&(_, head)| head).filter(|&(_, head)| head != GONE)
        {
            self.plan.go_on()?;
            let (Some(list), Some(input)) = (lists.get_mut(at), inputs.get(at)) else { break };
            positions.clear();
            forms.clear();
            list.positions_into(&mut positions)?;
            list.forms_into(&mut forms)?;
            for form in &mut forms {
                *form = input.targets.get(*form as usize).copied().unwrap_or(0);
            }
            languages |= self.bits.get(target as usize).copied().unwrap_or(0);
            self.terms.article(target, &positions, &forms)?;
            list.advance();
            let next = self.settle(list, input);
            heads.get_mut(at).into_iter().for_each(|head| *head = next);
        }
        Ok(languages)
    }

    /// Moves a list to its next surviving article, and returns that one's ordinal in the output.
    fn settle(&self, list: &mut TermPostings<'_>, input: &WordInput<'_>) -> u32 {
        loop {
            match list.doc() {
                TERMINATED => return GONE,
                doc => match self.plan.target(input.input, doc) {
                    GONE => list.advance(),
                    target => return target,
                },
            };
        }
    }
}
