import type { Language } from "./country.ts";
import { plainText } from "./person-name.ts";
import { PRIORITY_OF, type TicketCategory, type TicketPriority } from "./ticket.ts";

/** What a customer's message is about, by words that stand in it. */
export type Classified = {
  category: TicketCategory;
  priority: TicketPriority;
  /** Somebody has to go or look; without it a person answers. */
  needsTicket: boolean;
  /** The words that decided; null: none did, and it is a general inquiry. */
  because: string | null;
};

/** Longer messages are read up to here. */
export const MESSAGE_CHARS_MAX = 4_000;

/**
 * Beginnings of words and phrases, without accents and in small letters, in English, Sesotho and French. Whoever knows another
 * that people use adds it here and to the table of the test. In order: what is dangerous goes before what is dark, and that
 * before what can wait.
 */
const WORDS: readonly (readonly [TicketCategory, string])[] = [
  [
    "equipment-failure",
    `spark|smoke|smoking|on fire|burning|burnt|electric shock|shocked|shocks me|wire down|wires down|wire is down|cable down|fallen wire|fallen line|pole fell|pole is down|pole has fallen|transformer|explod
    |mosi|tlhase|litlhase|mollo|e chele|ea cha|e a cha|e chesa|terata e oele|terata e wele|mohala o oele|pole e oele|palo e oele|motlakase oa nchesa
    |etincelle|fumee|en feu|au feu|brule|incendie|electrocut|cable tombe|fil tombe|cable par terre|poteau tombe|poteau est tombe|transformateur|court circuit`,
  ],
  [
    "no-power",
    `no power|no electricity|no light|no current|power is out|power out|power is off|power off|electricity is off|electricity is out|lights are off|light is off|lights off|outage|blackout|power cut|power gone|electricity gone|without power|without electricity|in the dark|disconnected
    |ha ho motlakase|ha hona motlakase|ha re na motlakase|ha ke na motlakase|motlakase ha o eo|motlakase ha oeo|motlakase o tsamaile|motlakase o ile|motlakase o timile|motlakase o khaohile|motlakase ha o teng|o timme motlakase|ha ho lebone|lefifi|lefifing
    |pas de courant|pas d electricite|pas delectricite|pas de lumiere|plus de courant|plus d electricite|plus delectricite|courant est parti|courant coupe|coupure|panne de courant|panne d electricite|dans le noir|sans electricite|sans courant|y a pas courant`,
  ],
  [
    "vandalism",
    `stole|stolen|theft|thief|thieves|vandal|cut the cable|cut the wire|tamper|illegal connection
    |utsoitse|utsoa|utsoitsoe|bosholu|lesholu|masholu|sentse ka boomo|khaotse terata|khaola terata
    |vole|voleur|vol de|vandal|coupe le cable|coupe le fil|branchement illegal|sabot`,
  ],
  [
    "vegetation",
    `tree|branch|bush|vegetation
    |sefate|lifate|lekala|makala
    |arbre|branche|vegetation|buisson`,
  ],
  [
    "meter-issue",
    `meter|display|screen is blank|keypad
    |mithara|limithara|mitara|metara
    |compteur|ecran`,
  ],
  [
    "billing",
    `paid|payment|pay |money|balance|unit|recharge|top up|topup|airtime|mpesa|m pesa|ecocash|momo|bill|refund|receipt|credit|tariff|price|how much
    |lefile|lefella|ke patetse|patala|tefo|litefo|chelete|tjhelete|bokae|ke rekile|reka|khutlisetsa|risiti|li unit
    |paye|paiement|argent|solde|recharge|facture|rembours|recu|credit|tarif|prix|combien|achete`,
  ],
  [
    "installation",
    `new connection|connect me|connect my house|get connected|be connected|install|apply for|application
    |hokela|hokeloa|ho kenya motlakase|ho kenngoa motlakase|kenyetsoa motlakase|kopo ea motlakase
    |raccord|branchement|installation|installer|nouveau client|abonnement|abonner`,
  ],
  [
    "complaint",
    `complain|unhappy|angry|unacceptable|bad service|terrible|nobody answers|nobody came|no one came
    |tletleba|tletlebo|tlaleho|ha ke khotsofale|ha ke a khotsofala|le ntse le sa arabe|ha ho motho ea tlileng
    |plainte|me plains|reclamation|mecontent|inacceptable|mauvais service|personne ne vient|personne ne repond`,
  ],
];

/** It was wrong and is well again: nobody has to go, and whoever wrote is thanked. */
const WELL_AGAIN = splitWords(
  `power is back|electricity is back|light is back|lights are back|it works now|works again|is working now|it is fixed
  |motlakase o khutlile|motlakase o teng|motlakase o fihlile|o se o sebetsa|e se e sebetsa
  |courant est revenu|electricite est revenue|lumiere est revenue|ca marche maintenant|marche a nouveau`,
);

const THANKS = splitWords(
  "thank|thx|kea leboha|ke a leboha|ke lebohile|ke lebohela|rea leboha|re a leboha|re lebohile|merci",
);
/** Whole words that may stand beside thanks and say nothing. Any other word may be a complaint. */
const FILLERS: ReadonlySet<string> = new Set(
  `you very much so a lot and to all everybody it is now here team sir madam hello hi good morning afternoon evening day great nice ok okay god bless dear we are happy the on 1pwr
  haholo haholoholo ntate mme bontate bomme me ausi abuti hle kaofela lona uena lumela lumelang joale hantle molimo
  beaucoup bien infiniment bonjour bonsoir bonne journee soiree monsieur madame vous a tous toute l equipe et le la`.split(
    /\s+/,
  ),
);

/** A person answers these; only what they find out becomes a ticket. */
const ANSWERED: ReadonlySet<TicketCategory> = new Set(["billing", "general-inquiry"]);

const RULES = WORDS.map(([category, words]) => ({ category, words: splitWords(words) }));

function splitWords(text: string): readonly string[] {
  return text.split("|").map((each) => each.replace(/\s+/g, " ").trimStart().replace(/ $/, ""));
}

const INQUIRY: Classified = {
  ...{ category: "general-inquiry", priority: PRIORITY_OF["general-inquiry"], needsTicket: false, because: null },
};

/** The first rule of which a word stands in the text; the same text is always the same. */
export function classifyMessage(text: string): Classified {
  const plain = ` ${plainText(text.slice(0, MESSAGE_CHARS_MAX))} `;
  const found = (words: readonly string[]) => words.find((word) => plain.includes(` ${word}`));
  const danger = found(RULES[0]?.words ?? []);
  const well = danger === undefined ? found(WELL_AGAIN) : undefined;
  if (well !== undefined) return { ...INQUIRY, because: well };
  for (const { category, words } of RULES) {
    const because = found(words);
    if (because === undefined) continue;
    return { category, priority: PRIORITY_OF[category], needsTicket: !ANSWERED.has(category), because };
  }
  return INQUIRY;
}

/**
 * Thanks, or says that it is well again, and says nothing beside it. What nobody can read, a question and a word that is not known
 * may be a complaint.
 */
export function isContent(text: string): boolean {
  const rest = [...THANKS, ...WELL_AGAIN].reduce(
    (plain, phrase) => plain.replaceAll(new RegExp(` ${phrase}[a-z0-9]*(?= )`, "g"), " "),
    ` ${plainText(text)} `,
  );
  const isSaid = rest !== ` ${plainText(text)} `;
  const isRead = text.length <= MESSAGE_CHARS_MAX && !/\?|(?!\p{Script=Latin})\p{L}/u.test(text);
  return isSaid && isRead && rest.split(" ").every((word) => word === "" || FILLERS.has(word));
}

/** What stands in the way of light beside want of credit: of money and of the wait people complain in the same breath. */
const CAUSES: ReadonlySet<TicketCategory> = new Set(["equipment-failure", "vandalism", "vegetation", "meter-issue"]);

/** Whether a text names what no credit mends, whatever else stands in it. */
export function namesDefect(text: string): boolean {
  const plain = ` ${plainText(text)} `;
  return RULES.some(({ category, words }) => CAUSES.has(category) && words.some((word) => plain.includes(` ${word}`)));
}

const SPOKEN: readonly (readonly [Language, readonly string[]])[] = [
  [
    "st",
    splitWords(
      "ha ho|motlakase|ke kopa|kea leboha|lumela|mithara|ka kopo|le kae|chelete|rona|lapeng|o tsamaile|ke lefile|thuso|ea ka",
    ),
  ],
  ["fr", splitWords("bonjour|bonsoir|courant|merci|s il vous|svp|compteur|je |nous |pas de|est ce|depuis|electricite")],
  ["en", splitWords("hello|hi |please|power|electricity|thank|my |the |is |no ")],
];

/** In which language it is written, by its commonest words; null: nobody can tell. */
export function languageOf(text: string): Language | null {
  const plain = ` ${plainText(text.slice(0, MESSAGE_CHARS_MAX))} `;
  const counted = SPOKEN.map(([language, words]) => ({
    language,
    count: words.filter((word) => plain.includes(` ${word}`)).length,
  })).toSorted((a, b) => b.count - a.count);
  const [first, second] = counted;
  return first === undefined || first.count === 0 || first.count === second?.count ? null : first.language;
}

/** Messages of one conversation come so close to each other. */
export const THREAD_MS = 30 * 60_000;

/** Whether a message goes on with the ticket of the one before it: within half an hour, and while that is not resolved. */
export function isSameThread(last: { at: number; isResolved: boolean } | null, at: number): boolean {
  return last !== null && !last.isResolved && Math.abs(at - last.at) <= THREAD_MS;
}
