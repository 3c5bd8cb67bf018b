//! English words that tell names apart: titles, heads of organisations and places, reporting verbs.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::tagger::hash::Hashed;

/// Classes of a word, as a set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Class(u32);

impl Class {
    /// Tells whether the word is in the other class, or in any of several joined by `|`.
    pub fn is(self, other: Class) -> bool {
        self.0 & other.0 != 0
    }

    /// Returns the set as one number.
    pub(crate) const fn bits(self) -> u32 {
        self.0
    }
}

impl std::ops::BitOr for Class {
    type Output = Class;

    fn bitor(self, other: Class) -> Class {
        Class(self.0 | other.0)
    }
}

macro_rules! classes {
    ($($name:ident = $bit:literal, $about:literal, $words:literal;)*) => {
        impl Class {
            $(#[doc = $about] pub const $name: Class = Class(1 << $bit);)*
        }

        const WORDS: &[(Class, &str)] = &[$((Class::$name, $words),)*];
    };
}

classes! {
    FUNCTION = 0, "Words that open sentences and are part of no name.",
        "the a an this that these those it its he his him she her hers they their them we our us i my me you your who whom \
         whose which what when where why how if while although though because since as after before until unless but and \
         or nor so yet for of in on at by with from to into onto over under about against between among during through \
         within without across along around behind beyond despite toward towards upon is are was were be been being has \
         have had do does did will would can could may might must shall should not no yes also however meanwhile \
         moreover furthermore nevertheless nonetheless then there here now today yesterday tomorrow still even only just \
         more most many much some any all both each every several few other another such same own one two three four five \
         six seven eight nine ten dozens hundreds thousands millions earlier later recently last next first second third \
         according including like near amid following than too very well once again ever never often let s t re ll ve d m \
         said says out up down off away back instead rather perhaps maybe thus hence therefore otherwise except besides \
         because whether either neither none nobody everyone someone anyone nothing something everything anything police \
         officials authorities government people residents critics experts analysts witnesses rebels protesters troops \
         soldiers prices sales profits shares stocks breaking update exclusive photo video read click subscribe";
    TITLE = 1, "Titles and roles that stand before a person's name.",
        "mr mrs ms miss dr prof professor president presidents minister ministers premier chancellor senator sen sens \
         representative rep reps congressman congresswoman governor gov gens general gen colonel col captain capt major maj \
         lieutenant lt sergeant sgt corporal cpl private pvt admiral adm commander cmdr brigadier brig marshal king queen \
         prince princess duke duchess sultan emir sheikh sheik shah emperor pope cardinal archbishop bishop reverend rev \
         father sister rabbi imam ayatollah mullah cleric judge justice attorney lawyer prosecutor mayor secretary \
         ambassador envoy spokesman spokeswoman spokesperson chairman chairwoman chairperson chair chief director head \
         leader coach manager striker midfielder defender goalkeeper goalie quarterback captain skipper editor reporter \
         correspondent analyst economist actor actress singer author writer director-general commissioner deputy sir dame \
         lord lady inspector constable detective sheriff officer superintendent councillor councilman councilwoman \
         assemblyman legislator lawmaker negotiator counterpart executive ceo founder co-founder owner engineer scientist \
         researcher activist dissident opposition warlord candidate nominee diplomat veteran mp mep treasurer speaker \
         comptroller auditor chancellor undersecretary ombudsman journalist photographer historian musician rapper designer \
         driver astronaut cosmonaut pilot swimmer sprinter cyclist golfer boxer wicketkeeper batsman bowler guitarist \
         drummer novelist poet filmmaker comedian presenter broadcaster host teacher student farmer shopkeeper";
    TITLE_MODIFIER = 2, "Words that stand before a title and belong to it.",
        "former ex vice deputy prime foreign defence defense interior finance health justice education trade economy energy \
         oil environment transport labour labor home culture agriculture information justice chief acting assistant first \
         second then senior junior lead late crown grand attorney lieutenant major brigadier rear opposition party \
         majority minority interim national general state press news army military police cabinet parliamentary under union \
         federal regional provincial co managing executive presidential special head house senate";
    ORG_LAST = 3, "Words that close an organisation's name.",
        "party agency bank corporation corp company co inc incorporated ltd limited plc llc llp gmbh ag association assn \
         federation union unions league club fc united team council committee commission ministry department office bureau \
         university college school institute academy foundation society trust fund group holdings partners network channel \
         television tv radio broadcasting news times post journal herald tribune gazette guardian telegraph magazine daily \
         press media airlines airways air railways railway industries systems technologies technology laboratories \
         laboratory labs motors electronics pharmaceuticals communications entertainment studios pictures records insurance \
         securities capital investments organisation organization movement front brigade brigades army navy forces force \
         corps guard guards police parliament congress senate assembly court tribunal authority administration board center \
         centre observatory alliance coalition campaign initiative secretariat orchestra church diocese tribe nation \
         service services survey program programme project command guardsmen regiment battalion squadron rangers fighters \
         militia brotherhood cartel gang exchange ark watch international international's conservancy consortium \
         cooperative confederation chamber guild syndicate enterprises energy petroleum steel oil gas bancorp lab \
         constabulary directorate taskforce";
    ORG_FIRST = 4, "Words that open an organisation's name before \"of\" or \"for\".",
        "ministry department university institute center centre bank house office council committee organization organisation \
         federation association union party agency bureau board commission court college school academy society church \
         foundation league alliance group secretariat observatory movement front chamber congress army confederation \
         network coalition campaign college fund trust royal doctors reporters physicians lawyers friends sons daughters \
         international medecins campaign assembly supreme museum library hospital";
    STATE_BODY = 5, "Bodies that every state has; a country before them is no part of their name.",
        "ministry army navy police parliament congress senate government embassy military cabinet supreme court treasury \
         department forces air coast marine marines guard house foreign defence defense interior finance justice health \
         central armed national security state federal border immigration intelligence secret consulate council assembly";
    PLACE_LAST = 6, "Words that close a place's name.",
        "river province county island islands mountain mountains lake airport street avenue road bridge square park city \
         district region bay valley hospital prison stadium sea ocean desert peninsula strait straits gulf canal harbor \
         harbour coast beach hill hills forest glacier falls creek village town township state territory plaza tower towers \
         palace station port base camp field dam reservoir reservation range point cape castle cathedral mosque temple \
         abbey museum library zoo garden gardens highway boulevard crossing terminal prefecture governorate oblast parish \
         borough municipality atoll reef plateau basin delta canyon volcano pass shrine monument memorial cemetery arena \
         theatre theater hotel zone tunnel jail penitentiary lodge";
    PLACE_FIRST = 7, "Words that open a place's name.",
        "lake mount mt cape fort ft port san santa santo saint st gulf river camp isle strait bay sea los las el la new north \
         south east west northern southern eastern western upper lower central greater puerto rio villa ras tel khan deir";
    EVENT_LAST = 8, "Words that close names of events, laws, works and prizes, which are no entities here.",
        "war wars games cup olympics olympic championship championships act treaty agreement accord accords award awards \
         prize day festival summit conference election elections bill law amendment convention protocol tournament open \
         prix revolution uprising spring crisis disaster earthquake tsunami massacre genocide holocaust trial report \
         declaration charter constitution resolution process talks deal plan strategy doctrine eve year virus disease flu \
         syndrome ebola hurricane typhoon cyclone storm storms season series race marathon trophy medal final finals derby \
         bowl tour century age era depression intifada ramadan easter christmas ballot primary referendum week month edition \
         code project mission flight operation attacks bombing bombings shooting language bible koran quran album song";
    PARTICLE = 9, "Small words inside names of people.",
        "al el bin ibn ben van von der den de da di du dos das del della la le abu ul ur ud st ter ten";
    MONTH = 10, "Months and their abbreviations.",
        "january february march april may june july august september october november december jan feb mar apr jun jul aug \
         sep sept oct nov dec";
    WEEKDAY = 11, "Days of the week.",
        "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays \
         sundays mon tue tues wed thu thurs fri";
    SAY = 12, "Verbs that attribute speech.",
        "said says say saying stated told tells telling added adds adding according wrote writes tweeted tweets asked asks noted \
         notes noting argued argues arguing explained explains declared declares called calls insisted insists claimed claims \
         replied continued continues concluded stated states stating warned warns warning announced announces joked responded \
         responds acknowledged admitted admits suggested suggests observed recalled remarked reported reports quipped vowed \
         predicted charged countered complained commented comments emphasized stressed testified urged urges pledged \
         believes believed described describes describing contended read reads shouted echoed exclaimed opined retorted \
         reiterated reiterates lamented scoffed mocked dismissed labeled labelled branded dubbed denounced hailed touted praised \
         criticized condemned accused decried insisting maintained maintains cautioned confirmed confirms conceded revealed \
         wondered mused posted tweets tweeting proclaimed boasted bragged asserted asserts asserting alleged alleges thanked \
         thinks thought concludes replies quips vows predicts promised promises testifies writing stating warning claiming \
         declaring quoted quoting joking recounted slammed blasted attributed talked spoke referred referring expressed \
         expressing pointed complaining citing cited pressed interjected fumed whispered barked snapped advised urging chanted \
         agreed joked responding promising pleaded teased begged demanded";
    PLACE_PREPOSITION = 13, "Words that stand before places.",
        "in at near from around outside inside across throughout toward towards via into of to leaving visiting";
    ORG_NOUN = 14, "Nouns that an organisation's name follows.",
        "firm company group agency party newspaper network giant maker manufacturer charity broadcaster magazine publisher \
         retailer airline bank club carrier website channel station operator startup outlet daily conglomerate chain union \
         band label lender insurer automaker carmaker subsidiary brand app platform";
    NO_NAME = 15, "Capitalised words that name no person, place or organisation.",
        "hiv aids dna rna covid sars mers islam islamic muslim muslims christian christians christianity jew jews jewish sunni \
         sunnis shia shiite shiites shi hindu hindus buddhist buddhists catholic catholics protestant arab arabs kurd kurds \
         kurdish european europeans african africans asian asians latin western westerners eastern northern southern \
         english arabic hebrew farsi urdu hindi mandarin latino hispanic allah god bible quran koran internet web covid-19 \
         ii iii iv vi vii viii ix am pm gmt utc est edt cet bst ceo cfo coo mp mps mep phd tv dvd cd gdp gps usb pdf sms ok \
         olympics olympic nobel oscar oscars grammy emmy christmas easter ramadan eid hanukkah thanksgiving halloween \
         communist communists nazi nazis socialist socialists conservative democrat democratic republican liberal marxist \
         h1n1 h5n1 uav suv cctv faq id ied ieds wmd wmds ngo ngos vip iq lgbt lgbtq ap1 bc ad nuclear caucasian zionist bse tb ppe pcr dui ufo ast pst mst ist jst msk cst hst akst nsw covid19 sos dvds \
         turkmen pashtun pashtuns berber hutu hutus tutsi tutsis tamil tamils uighur uighurs rohingya yazidi yazidis druze \
         alawite alawites salafi salafist wahhabi evangelical evangelicals mormon mormons anglican orthodox cold french";
    SPEAKER_NOUN = 16, "Nouns for speakers who have no name.",
        "official officials spokesman spokeswoman spokesperson statement report police authorities government ministry \
         witness witnesses resident residents source sources man woman mother father student students teacher doctor doctors \
         lawyer lawyers minister president official agency company group commander soldier officer officers protester \
         protesters activist activists analyst expert experts diplomat diplomats judge mayor governor king army military \
         court team union owner neighbour neighbor victim survivor worker farmer driver brother sister son daughter wife \
         husband friend professor researcher researchers scientist scientists senator leader chief director editor";
    DIRECTION = 17, "Points of the compass.",
        "north south east west northern southern eastern western central northeast northwest southeast southwest \
         northeastern northwestern southeastern southwestern upper lower";
}

static CLASSES: LazyLock<HashMap<&'static str, Class, Hashed>> = LazyLock::new(|| {
    let mut classes: HashMap<&'static str, Class, Hashed> = HashMap::default();
    for &(class, words) in WORDS {
        for word in words.split_whitespace() {
            let all = classes.entry(word).or_default();
            *all = *all | class;
        }
    }
    classes
});

/// Returns a checksum of all classes and their words; a tagger trained with others does worse.
pub fn fingerprint() -> u64 {
    let mut hash = xxhash_rust::xxh3::Xxh3::new();
    for &(class, words) in WORDS {
        hash.update(&class.0.to_le_bytes());
        words.split_whitespace().for_each(|word| {
            hash.update(word.as_bytes());
            hash.update(b" ");
        });
    }
    hash.digest()
}

/// Returns the classes of a term.
pub fn class_of(term: &str) -> Class {
    CLASSES.get(term).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_may_be_in_several_classes() {
        let general = class_of("general");
        assert!(general.is(Class::TITLE) && general.is(Class::TITLE_MODIFIER) && !general.is(Class::SAY));
        assert!(class_of("idlib") == Class::default());
        assert!(class_of("police").is(Class::FUNCTION | Class::MONTH));
    }
}
