import profiles from "../profile-words/st.ts";
import type { MetricWords } from "./keys.ts";

/** What each figure is called, and what it is; what reports and their figures are called, and what a document says around them. */
export default {
  name_paid: "Tse lefiloeng",
  means_paid:
    "Seo bareki ba se lefileng, ho tlosoa seo tsamaiso ea khale e se khutlisitseng. E baloa ka letsatsi la sebaka leo e lefiloeng ka lona, ho ea tšoereng chelete hona joale; chelete e e-so be ea motho le e letlotlong li teng.",
  name_paid_electricity: "Tse lefetsoeng motlakase",
  means_paid_electricity:
    "Tse lefiloeng tse tšoeroeng ke liak'haonte bakeng sa motlakase: ha ho litefiso tse ling, ha ho chelete e sa abjoang.",
  name_paid_fees: "Litefiso",
  means_paid_fees: "Litefiso tsa khokahano le tsa readyboard tse lefiloeng.",
  name_paid_unassigned: "E sa abjoang",
  means_paid_unassigned: "E lefiloeng e ntseng e emetse ak'haonte ea eona.",
  name_paid_treasury: "Letlotlong",
  means_paid_treasury: "E lefiloeng 'me ea beheloa ka thoko letlotlong.",
  name_payments: "Litefo",
  means_payments:
    "Palo ea lirasiti. E arotsoeng lipakeng tsa liak'haonte e baloa hang, moo karolo ea eona ea pele e leng teng.",
  name_vended: "Motlakase o rekisitsoeng",
  means_vended:
    "Motlakase o fanoeng bakeng sa litefo (kWh tse rekisitsoeng), ka letsatsi la tefo. Lipaalo tsa qalo le litokiso ha li eo. Ha se o sebelisitsoeng.",
  name_metered: "Motlakase o sebelisitsoeng",
  means_metered:
    "Motlakase o baliloeng ke limithara (kWh), ka mithara e lefisang: mithara ea tlhahlobo ha e o bale habeli. Lihora tseo ho sa tsejoeng letho ka tsona ha li kenyeletsoe.",
  name_accounts_ever: "Liak'haonte tse kileng tsa lefa",
  means_accounts_ever:
    "Liak'haonte tse fapaneng tse neng li se li lefile bonyane hang qetellong ea nako. Ha e theohe; tefo ea khale e fihlang morao e phahamisa le linako tsa pele.",
  name_accounts_paying: "Liak'haonte tse lefileng",
  means_accounts_paying: "Liak'haonte tse fapaneng tse lefileng nakong ena.",
  name_accounts_connected: "Liak'haonte tse hokeloeng",
  means_accounts_connected:
    "Liak'haonte tse hokeloeng ka letsatsi le tloaelehileng la nako: ho tloha khokahanong (kapa, ha ho se motho ea e ngotseng, letsatsing la pele leo motlakase o sebelisitsoeng kapa o rekiloeng ka lona) ho fihlela e koaloa. Bareki ba hokeloa ka molao o tšoanang.",
  name_arpu_ever: "ARPU, ea liak'haonte tse kileng tsa lefa",
  means_arpu_ever:
    "Tse lefiloeng nakong ena, ka liak'haonte tse kileng tsa lefa ho fihlela qetellong ea eona. Chelete ka ak'haonte le nako. Ke karolo e lumellanoeng bakeng sa tsoelo-pele.",
  name_arpu_paying: "ARPU, ea liak'haonte tse lefileng",
  means_arpu_paying: "Tse lefiloeng nakong ena, ka liak'haonte tse lefileng ho eona. Chelete ka ak'haonte le nako.",
  name_arpu_connected: "ARPU, ea liak'haonte tse hokeloeng",
  means_arpu_connected:
    "Tse lefiloeng nakong ena, ka karolelano ea liak'haonte tse hokeloeng. Chelete ka ak'haonte le nako.",
  name_vended_a_day: "Motlakase o rekisitsoeng ka ak'haonte le letsatsi",
  means_vended_a_day: "Motlakase o rekisitsoeng nakong ena ka matsatsi ao liak'haonte li neng li hokeloe.",
  name_metered_a_day: "Motlakase o sebelisitsoeng ka ak'haonte le letsatsi",
  means_metered_a_day:
    "Motlakase o sebelisitsoeng lihoreng tse tsejoang, bakeng sa tse 24: likheo ha li theole letho. Ak'haonte e sa sebelisang letho e baloa ka 0.",
  name_paid_a_day: "Tse lefiloeng ka ak'haonte le letsatsi",
  means_paid_a_day: "Tse lefiloeng nakong ena ka matsatsi ao liak'haonte li neng li hokeloe.",
  name_price: "Karolelano ea theko ea kWh",
  means_price: "Tse lefetsoeng motlakase ka motlakase o rekisitsoeng.",
  name_coverage: "Lihora tse tsejoang",
  means_coverage:
    "Lihora tsa liak'haonte tse hokeloeng tseo mithara e boletseng ho hong ka tsona, ka lihora tsohle tsa tsona.",
  name_customers_registered: "Bareki ba ngolisitsoeng",
  means_customers_registered:
    "Batho le likhoebo tse ngolisitsoeng ka letsatsi leo, e mong le e mong hang, leha a na le liak'haonte kapa limithara tse kae. Ba baloa sebakeng sa ak'haonte ea bona ea pele, kapa moo ba lulang. Bao letsatsi la ngoliso la bona le sa tsejoeng ba baloa.",
  name_customers_connected: "Bareki ba hokeloeng",
  means_customers_connected:
    "Bareki ba nang le motlakase ka letsatsi leo: ho tloha motlakaseng oa pele oa ak'haonte efe kapa efe ea bona ho fihlela ak'haonte ea ho qetela e bileng le motlakase e koaloa. Lebone leo ho seng motho ea le ngotseng le bonoa ka tšebeliso: le baloa ho tloha letsatsing la pele leo motlakase o sebelisitsoeng kapa o rekiloeng ka lona, letsatsi la lona ha le tsejoe. Ea ngolisitsoeng a e-so ka a hokeloa ha a hokeloa; ho koaloa ka letsatsi le tlang ha ho e-so baloe.",
  name_customers_new: "Bareki ba bacha",
  means_customers_new: "Bareki bao motlakase oa bona oa pele o bileng kotareng ena.",
  name_customers_activation: "Sekhahla sa khokahano",
  means_customers_activation: "Bareki ba hokeloeng, ka bareki ba ngolisitsoeng, ka letsatsi le le leng.",
  name_customers_growth: "Kholo ea bareki",
  means_customers_growth:
    "Bareki ka kotara ea motlakase oa bona oa pele, le kakaretso ea bona. Kotara eo ho seng motho ea hokeloeng e teng ka 0; bao ak'haonte ea bona ea ho qetela e koetsoeng ba bontšoa ka thoko 'me ba tlosoa.",
  name_customers_undated: "Letsatsi ha le tsejoe",
  means_customers_undated:
    "Bareki ba bileng le motlakase, ho se motho ea tsebang ho tloha neng. Ba kakaretsong e 'ngoe le e 'ngoe, ha ba kotareng efe kapa efe.",
  name_customers_funnel: "Mohato ka mohato",
  means_customers_funnel:
    "Bareki ba fapaneng ba se ba fetile mohato ho e 'ngoe ea liak'haonte tsa bona, e mong le e mong hang, leha a na le liak'haonte kapa limithara tse kae. Ea se nang ak'haonte o baloa e le ea ngolisitsoeng. Setša se boloka batho ba sona ba se nang mithara.",
  name_customers_drop_off: "Ba setseng",
  means_customers_drop_off:
    "Karolo ea bareki ba mohato o fetileng ba se nang ona. Mehato e ngoloa ka bonngoe 'me ha se litepisi: moo libuka tsa khale li sa tsebeng letho ka tefiso, kapa ntlo e nang le lithapo tsa eona, mohato o latelang o na le batho ba bangata, 'me palo e ka tlase ho 0. E bontšoa joalo ka ha e le joalo.",
  name_customers_cohort: "Lihlopha",
  means_customers_cohort:
    "Moo moreki e mong le e mong a emeng teng, ho liak'haonte tsohle tse e-so koaloe: ke bokae ba litefiso tsa khokahano le readyboard bo lefiloeng, le hore na motlakase o teng. Chelete ea motlakase ha e balloe tefiso le ka mohla. Ha ho mithara ho boleloa feela ka ba hokeloeng.",
  name_customers_fee_unknown: "Tefiso ha e tsejoe",
  means_customers_fee_unknown:
    "Bareki ba tsoang tsamaisong ea khale, bao ho seng mola kapa mohato o reng ba lefile. Seo ba se kolotang ha se tsejoe, ha se nkoe e le 0.",
  name_records_complete: "Ho phethahala ha lipalo",
  means_records_complete:
    "Lihora tseo mithara e lefisang e boletseng letho ka tsona, ka lihora tsa liak'haonte tse hokeloeng matsatsing ao: 24 ka letsatsi, ho tloha letsatsing la pele le feletseng la motlakase, ho sa tsotellehe tefo ea pele, ho fihlela letsatsi pele ho qetello. Ka bobeli li khaoloa matsatsing a botsitsoeng, kahoo ha li fete 100 %. Kajeno ha e eo. Moo ho sa lebelloang letho ha ho tsejoe.",
  name_records_deficit: "Khaello ea setša",
  means_records_deficit:
    "Khoeli eo limithara tsa setša li boletseng ka tlase ho halofo ea bohareng ba likhoeli tse ling tse felileng; ho hlokahala bonyane tse 'ne. Khoeli e ntseng e tsoela pele e lekanngoa ka karolo e felileng. Khoeli e se nang hora ke 0, ho tloha khoeling ea pele ea setša.",
  name_records_silent: "Limithara tse khutsitseng",
  means_records_silent:
    "Limithara tse lefisang tse leng ak'haonteng e e-so koaloe, tse sa boleleng letho ho tloha letsatsing le boletsoeng. Tse e-song ho bue ho hang li tla pele.",
  name_sales_closing: "Letsatsi le koetsoeng",
  means_sales_closing:
    "Letsatsi la mohala o le mong le koaloa ha le felile, ha ho letho le keneng le ntseng le le tseleng ho ea libukeng, ha ho chelete ea lona e emetseng, 'me till e 'ngoe le e 'ngoe e amohetseng chelete ea mokhanni matsatsing a 31 a fetileng e na le setatemente sa letsatsi leo se lumellanang mola ka mola. Khase ha e na setatemente. Letsatsi le koetsoeng le seng le sa tšoane le pele lea buloa hape, le se fetohileng; matsatsi a libuka tsa khale ha a ahloloe.",
  name_dollars: "Lidolara tsa Amerika",
  means_dollars:
    "Chelete ea khoeli makhetlo a reite e neng e sebetsa letsatsing la eona la ho qetela (ea kajeno, bakeng sa khoeli e ntseng e tsamaea), e potolotsoe hang feela ho sente. Palo e 'ngoe le e 'ngoe e bolela reite ea eona, letsatsi leo e qalang ho sebetsa ka lona le hore na ke mang ea buileng. Moo reite e sa tsejoeng palo e lula ka chelete ea eona, 'me kakaretso e bolela hore ha e kenyelelitsoe.",
  name_supply: "Motlakase o fanoeng",
  means_supply:
    "Seo mithara e balang motlakase oa setša sohle e se boletseng, lihoreng tseo e buileng ka tsona. Setša se se nang mithara e joalo ha se na palo.",
  name_supply_used: "Motlakase o sebelisitsoeng lihoreng tse tšoanang",
  means_supply_used:
    "Seo limithara tse lefisang tsa setša li se balileng lihoreng tseo phepelo e tsejoang ho tsona, eseng tse ling. Lihora tseo liakhaonto tsohle tse hoketsoeng li sa buang ho tsona ha li baloe mahlakoreng ka bobeli.",
  name_tenure: "Tšebeliso ho ea ka lilemo tsa ak’haonte",
  means_tenure: profiles.means_tenure_corrected,
  name_tenure_legacy: "Tšebeliso ho ea ka lilemo, molao oa khale",
  means_tenure_legacy: profiles.means_tenure_legacy,
  name_load_curve: "Mothalo oa tšebeliso ka hora",
  means_load_curve: profiles.means_load_curve,
  name_losses: "Tahlehelo",
  means_losses:
    "Motlakase o fanoeng ho tlosoa o sebelisitsoeng lihoreng tse tšoanang, ho arotsoe ka o fanoeng. Ho na le se nkuoang ke mehala le li-transformer, se sa baloeng ke motho, le liphoso tsa limithara. Palo ea lihora tse bapisitsoeng e haufi le eona.",
  title_vended_by_site: "Motlakase o rekisitsoeng, ka setša",
  title_metered_by_site: "Motlakase o sebelisitsoeng, ka setša",
  title_paid_by_site: "Tse lefiloeng, ka setša",
  title_energy: "Motlakase o rekisitsoeng le o sebelisitsoeng",
  title_energy_sum: "Motlakase o rekisitsoeng le o sebelisitsoeng, ho tloha kotareng ea pele e bontšitsoeng",
  title_paid: "Tse lefiloeng",
  title_paid_sum: "Tse lefiloeng, ho tloha kotareng ea pele e bontšitsoeng",
  title_energy_a_day: "Motlakase ka ak'haonte le letsatsi",
  title_paid_a_day: "Tse lefiloeng ka ak'haonte le letsatsi",
  title_metered_by_type: "Motlakase o sebelisitsoeng, ka mofuta oa moreki",
  title_metered_a_day_by_type: "Motlakase o sebelisitsoeng ka ak'haonte le letsatsi, ka mofuta oa moreki",
  title_paid_by_type: "Tse lefiloeng, ka mofuta oa moreki",
  title_coverage: "Lihora tse tsejoang",
  title_arpu: "Tse lefiloeng ka ak'haonte le kotara (ARPU)",
  title_arpu_months: "Tse lefiloeng ka ak'haonte le khoeli (ARPU)",
  title_accounts: "Liak'haonte",
  title_arpu_by_site: "ARPU ka setša, kotara ea ho qetela e felileng",
  title_paid_by_kind: "Tse lefiloeng, ka sepheo",
  title_price: "Karolelano ea theko ea kWh",
  title_days_by_channel: "Tse lefiloeng, ka mocha",
  title_days_by_site: "Tse lefiloeng, ka setša",
  title_days_payments: "Litefo, ka mocha",
  title_days_unassigned: "E sa abjoang",
  title_days_energy: "Motlakase o rekisitsoeng le o sebelisitsoeng",
  report_operations: "Tšebetso",
  report_money: "Chelete",
  report_days: "Letsatsi ka letsatsi",
  lead_operations:
    "Kotara ka kotara: motlakase o rekisitsoeng le o sebelisitsoeng ke litekanyo tse peli, li bapile. Kotara e ntseng e tsoela pele e bobebe.",
  lead_money: "Seo bareki ba se lefang, le hore na se aroloa ka ba bakae: karolo ka 'ngoe e na le lebitso la eona.",
  lead_days: "Matsatsi a ho qetela, ka mocha le setša. Letsatsi ke la sebaka la tefo.",
  doc_title: "1PWR Customer Care: {report}, {country}",
  doc_time: "Ho tloha {from} ho fihlela {to}",
  doc_site: "Setša {site}",
  doc_all_sites: "Litša tsohle",
  doc_as_of: "Ka {at}, {zone}",
  doc_source: "Kakaretso ea litefo le lipalo tsa mithara, ka letsatsi la sebaka",
  doc_none: "Ha ho tsejoe letho ka nako ena.",
  doc_running: "bobebe: ha e so fele",
  doc_means: "Lipalo ke eng",
  doc_page: "{n} ho {of}",
  doc_pending: "Matsatsi a {n} ha a e-so kenngoe.",
  doc_others: "tse ling",
  doc_no_group: "e se nang sehlopha",
  doc_from: "Ho tloha",
  doc_to: "Ho fihlela",
  doc_place: "Setša",
  doc_type: "Mofuta oa moreki",
  doc_channel: "Mocha",
  doc_all: "tsohle",
  doc_at: "Ka",
  doc_made_of: "Mohloli",
  doc_not_added: "Matsatsi a e-song ho kenngoe",
  doc_empty: "Lesobana le se nang letho",
  doc_empty_means: "Ha ho ea tsebang. Ha se 0 le ka mohla.",
  doc_period: "Nako",
  doc_first_day: "Letsatsi la pele",
  doc_divided_by: "{name}: e arotsoe ka",
  doc_is_running: "Ha e so fele",
  doc_extended: "{name}: e lekantsoe ho isa qetellong",
} satisfies MetricWords;
