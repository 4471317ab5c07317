import type en from "./en.ts";

export default {
  title: "Thuso",
  lead: "Leqephe ka leng ke la eng, le lintho tse leshome tseo batho ba li etsang.",
  search_hint: "lentsoe, joalo ka risiti kapa mithara",
  here: "Leqephe leo u tsoang ho lona",
  tasks: "Tseo batho ba li etsang",
  pages: "Maqephe ohle",
  go: "Ea teng",
  takes: "Ho hlokahala tumello {permission}, eo likarolo tsa hau li se nang eona.",
  nothing: "Ha ho letho ka see",
  nothing_hint: "Leka lentsoe le leng.",
  do_balance: "Hobane'ng akhaonto ee e e-na le see se setseng?",
  how_balance:
    "Fumana moreki ka lebitso, fono kapa akhaonto u bule akhaonto. “Hlalosa se setseng” e bontša se seng le se seng se ngotsoeng: SMS eo se tsoang ho eona, theko, lipalo, le se etsahetseng ho morekisi.",
  do_payment: "Motho o lefile empa ha a na lebone",
  how_payment:
    "Ngola risiti lebokoseng la leqephe la pele. Tefo e bolela hore na e ho mang: akhaonto (sheba lebone la eona le litaelo), tse emetseng (e abe), kapa ha e eo (ha ea re fihlela: sheba lifono).",
  do_suspense: "Fa akhaonto e nepahetseng chelete e emetseng",
  how_suspense:
    "Bula Tse emetseng, bala mongolo le lintlha, u abe, u arole kapa u tsamaise. Haeba e mong o ile a potlaka u bolelloa hore na e ho mang. Phoso e khutlisoa hang kapa e tsamaisoa hape hamorao.",
  do_register: "Ngolisa moreki",
  how_register:
    "Moreki e mocha: motho, sebaka, tšebeletso. Seo u se ngolang se bolokoa sesebelisoeng sena ho fihlela se romeloa. Qetellong nomoro ea akhaonto ea bontšoa: e ngole. Ba bangata: Ho kenya ka bongata, ho bontšang liphoso tsa mola ka mong pele ho etsoa letho.",
  do_assign: "Kenya akhaonto tšebetsong",
  how_assign:
    "Ho kenya tšebetsong ho bontša hore na ke mang ea emetseng mohato ofe. Fana ka mithara, nka tekeno, 'me konteraka e ea ho moreki ka SMS e le sehokelo.",
  do_dark: "Bulela kapa u time lebone ka letsoho",
  how_dark:
    "Akhaontong kapa tlas'a Limithara: hokela kapa u khaole ka lebaka. Taelo ea motho e boloka lebone ho fihlela nako eo u e khethang; molao oa tsamaiso oa khutla ka booona.",
  do_swap: "Fapanyetsana mithara",
  how_swap:
    "Leqepheng la moreki: ngola seo ea khale e se bontšang, le nomoro le palo ea e ncha. Ha ho se lahlehang kapa se baloang habeli.",
  do_correction: "Lokisa se setseng",
  how_correction:
    "Litokiso: motlakase kapa chelete, ka lebaka le tokomane. Ka holim'a moeli oa hau motho oa bobeli oa lumella. Tse ngotsoeng ha li fetohe: tokiso e eketsoa pel'a tsona.",
  do_statement: "Bapisa le setatemente sa opareitara",
  how_statement:
    "Litatemente: kenya faele. Letsatsi la till ka leng le bolela hore na lia lumellana; phapang e bolela lirisiti tse haellang.",
  do_revert: "Khutlisa se fetotsoeng ke motho",
  how_revert:
    "Liphetoho: fumana ketso ka mang, eng kapa akhaonto efe, sheba pele le ka mor'a moo, u e khutlise ka lebaka. Chelete ha e khutlisoe moo: ea tsamaisoa.",
  is_dashboard:
    "Letsatsi ka ho sheba hang: chelete, motlakase, ba nang le lebone, tse hlokang motho, le lebokose le fumanang tsohle.",
  is_customers: "Bohle, ba fumanoa ha u ngola ka lebitso, fono, setša kapa akhaonto.",
  is_register: "Moreki e mocha ea nang le akhaonto, mohato ka mohato; seo u se ngolang sea bolokoa.",
  is_customer: "Moreki a le mong: mang, kae, liakhaonto, limithara, likonteraka; ho fetoloa hona moo.",
  is_registrations: "Faele ea bareki ba bacha: e hlahlojoa mola ka mola pele ho etsoa letho, e khutlisoa kaofela.",
  is_merges: "Bareki bao mohlomong e leng motho a le mong: ahlola, kopanya, khutlisa.",
  is_tickets:
    "Se hlokang ho shejoa: se tlalehiloeng kapa se fumanoeng, se filoeng motho, se rarollotsoeng ka sesosa sa sona.",
  is_campaigns: "Li-SMS ho bareki ba bangata: ke mang, li bitsa bokae, le se etsahetseng.",
  is_commissioning: "Ke mang ea emetseng mohato ofe tseleng ea lebone.",
  is_account:
    "Akhaonto e le 'ngoe: se setseng, litefo, tšebeliso, limithara, lebone, SMS; se kolotoang, le motlakase oa se sa nkuoang ke tefiso.",
  is_explain: "Mola o mong le o mong ka mor'a se setseng, ho fihla ho SMS le palo.",
  is_payments: "Litefo tsohle, ka letsatsi, risiti kapa mong'a tsona.",
  is_receipt: "Risiti e le 'ngoe: e ho mang, e tlile joang, e bile eng.",
  "is_record-payment": "Tefo e sa tlisoang ke fono: chelete ea matsoho, kapa risiti e letsohong.",
  is_suspense: "Chelete e emetseng motho, le botsofali ba eona le lintlha.",
  is_corrections: "Litaelo tsa ho lokisa se setseng, meeli ea tsona le motho oa bobeli.",
  is_agreements:
    "Se kolotoang ka konteraka e saennoeng: likalimo tsa litefiso, le meralo ea lisebelisoa le lenane la tsona.",
  is_fees:
    "Seo liakhaonto li se kolotang ntle le motlakase: se netefalitsoeng, se kolotisitsoeng, se hlakotsoeng le se khutlisitsoeng.",
  is_statements: "Litatemente tsa baopareitara khahlanong le libuka tsa rona, letsatsi ka letsatsi.",
  is_sms: "SMS e 'ngoe le e 'ngoe e kenang le e tsoang, le kamoo e baliloeng.",
  is_tills: "Lifono tsa khoro, litill, linotlolo, meeli le liketane.",
  is_cases: "Seo tsamaiso e se boneng e le sesele 'me e se siela motho, le moelelo oa sona.",
  "is_vendor-credits": "Litefo tse tseleng ho ea sepacheng sa morekisi.",
  is_wallets: "Se setseng ho rona pel'a sepache sa morekisi, le hore na hobane'ng li fapana.",
  is_meters: "Mithara e 'ngoe le e 'ngoe: e kae, e utluoile neng, lebone la eona le karolo.",
  "is_check-meters": "Limithara tse peli akhaontong e le 'ngoe, li bapisitsoe.",
  is_tariffs: "kWh e bitsa bokae, ho tloha neng, le seo phetoho e ka se etsang.",
  "is_grid-plan": "Ke ea mang khokahanyo e ’ngoe le e ’ngoe ea moralo, ho e ngola moo, le ho e khutlisa.",
  is_figures: "Palo efe kapa efe ea litlaleho, ka nako le sehlopha.",
  is_growth:
    "Bareki ka setša le kotara, e mong le e mong a balloa hang: ba ngolisitsoeng, ba hokeloeng, ba bacha, ba koetsoeng.",
  is_funnel: "Moo bareki ba fihlileng tseleng ea motlakase, le hore na mang o eme hokae ka litefiso.",
  is_coverage: "Ke karolo efe ea nako eo limithara li boletseng letho ka eona; litša le limithara tse haelloang.",
  is_reports: "Motlakase, chelete le liak'haonte ka kotara, khoeli le letsatsi; palo ka 'ngoe le tlhaloso ea eona.",
  is_frozen:
    "Litlaleho tse bolokiloeng joalokaha li ne li le, le letšoao la tsona; li etsoa lifaele, li baloa hape ho bapisa.",
  "is_daily-sales": "Seo letsatsi le leng le le leng le se rekisitseng ka mohala le ka setša, le hore na le koetsoe.",
  is_sites: "Litša li bapisitsoe: bareki, chelete, motlakase, lihora tse tsejoang, tahlehelo.",
  is_countries: "Linaha tsohle li kopantsoe, ka lidolara moo reite e tsejoang.",
  is_losses: "Seo setša se se fuoeng ha se bapisoa le seo limithara tsa bareki li se balileng.",
  is_tenure: "Seo liak’haonte li se sebelisang ho ea ka likhoeli tseo e bileng tsa bareki.",
  is_load:
    "Seo liak’haonte li se sebelisang ka hora ea letsatsi, ka letsatsi le ka selemo; lifaele tsa moralo oa marang-rang.",
  is_gaps: "Sebaka ka letsatsi: moo motlakase o haellang.",
  is_imports: "Se botsitsoeng barekisi, le se fihlileng.",
  is_operations: "Bakeng sa ea e tsamaisang: mehloli, mekoloko, mesebetsi, libreaker, melaetsa e tlohetsoeng.",
  is_tables: "Tsohle joalo ka ha li ngotsoe, tafole ka tafole.",
  is_exports: "Tafole efe kapa efe e le CSV kapa XLSX.",
  is_changes: "Ke mang ea entseng eng, pele le ka mor'a moo, le ho e khutlisa.",
  is_staff: "Ba sebetsang mona, seo e mong le e mong a ka se etsang, limemo le ho kena.",
  "is_hr-directory":
    "Seo lenane la batho ba khamphani le neng le tla se fetola mona, pele le se fetola, le seo lefapha le se tlisang.",
  "is_machine-keys":
    "Linotlolo tsa litsamaiso tse ling tse balang mona, seo se seng le se seng se ka se etsang, le mananeo a bafani.",
  is_webhooks: "Litsamaiso tse bolelloang litefo, motlakase le litekete, se boletsoeng, le ho bolella hape.",
  is_settings: "Melao ea naha, mantsoe a SMS, tsela eo li tsamaeang ka eona, le hore na lintho li bolokoa nako e kae.",
  is_profile: "Phasewete ea hau, likarolo le moo u keneng teng.",
} satisfies Record<keyof typeof en, string>;
