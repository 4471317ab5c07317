import type en from "./en.ts";

export default {
  email: "E-mail",
  password: "Phasewete",
  wrong: "Ha ea nepahala. Hlahloba e-mail le phasewete.",
  wrong_code: "Nomoro eo ha ea nepahala, kapa e se e sebelisitsoe. Ema e latelang.",
  second: "Netefatso ea bobeli",
  second_hint: "Linomoro tse tšeletseng tseo sesebelisoa sa netefatso se li bontšang hona joale.",
  code: "Nomoro",
  recovery: "Ha ke na mohala: sebelisa khoutu e pampiring",
  recovery_code: "Khoutu e pampiring",
  use_authenticator: "Sebelisa sesebelisoa sa netefatso",
  go_on: "Tsoela pele",
  signed_in_as: "U {name}.",
  customer_door: "U moreki? Chelete ea hau e mona.",
  enrol: "Sireletsa ho kena ha hau",
  enrol_hint:
    "Mosebetsi oa hau o ama chelete kapa seo ba bang ba se bonang. Bula app ea netefatso mohaleng, 'me u nke setšoantšo sena.",
  enrol_by_hand: "Kapa u ngole senotlolo sena:",
  enrol_confirm: "Joale ngola linomoro tse tšeletseng tseo e li bontšang.",
  codes: "Likhoutu tse leshome tsa pampiri",
  codes_hint:
    "E 'ngoe le e 'ngoe e bula hang ha u se na mohala. Li bontšoa hona joale feela: li hatise kapa u li ngole.",
  codes_kept: "Ke li ngotse pampiring",
  invited: "Rea u amohela",
  invited_hint: "Khetha phasewete ea litlhaku tse leshome kapa ho feta. Ha ho motho e mong ea e tsebang.",
  new_password: "Phasewete e ncha",
  invitation_wrong: "Sehokelo sena se sebelisitsoe kapa se khale. Kopa se seng.",
  demo: "Lefatše la teko: kena joalo ka",
} satisfies Record<keyof typeof en, string>;
