//! Tables: counts, measures, rankings, pairs and timelines.

mod bucket;
mod count;
mod frequent;
mod group;
mod measure;
mod pairs;
mod rows;
mod timeline;
mod top;

pub(crate) use count::count;
pub(crate) use measure::measure;
pub(crate) use pairs::pairs;
pub(crate) use timeline::timeline;
pub(crate) use top::top;
