import { html } from "hono/html";
import { type Frame, framed, head, type Said } from "./my-frame.ts";

const REPLY = { wrong: "alert", code_sent: "status", signed_out: "status" } as Record<string, "alert" | "status">;

/** What came of the form that was sent before. */
const reply = ({ say }: Frame, said: Said | null) =>
  said === null
    ? ""
    : html`<p class="said said-${REPLY[said.say] ?? "alert"}" role="${REPLY[said.say] ?? "alert"}">${say(said.say, said.values)}</p>`;

type Field = {
  name: "account" | "password" | "code";
  label: string;
  hint: string | null;
  type: "text" | "password";
  autocomplete: string;
  value: string;
  extra?: string;
};

const field = ({ name, label, hint, type, autocomplete, value }: Field, isNumber = false) => html`<p class="field">
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" value="${value}" maxlength="${name === "account" ? 40 : 200}" required${
  hint === null ? "" : html` aria-describedby="${name}-hint"`
}${isNumber ? html` inputmode="numeric"` : ""}${name === "account" ? html` autocapitalize="characters" spellcheck="false"` : ""}>
${hint === null ? "" : html`<small id="${name}-hint">${hint}</small>`}
</p>`;

const accountField = ({ say }: Frame, said: Said | null) =>
  field({
    name: "account",
    label: say("account"),
    hint: say("account_hint"),
    type: "text",
    autocomplete: "username",
    value: said?.account ?? "",
  });

/** Who is not signed in: account and password. It works without a script. */
export const signInPage = (frame: Frame, said: Said | null) => {
  const { say } = frame;
  return framed(frame, {
    body: html`${head(frame)}
<main id="page" class="door">
<h1>${say("title")}</h1>
<p class="lead">${say("sign_in_lead")}</p>
<form method="post" action="my/sign-in" class="card">
<h2>${say("sign_in_title")}</h2>
${reply(frame, said)}
${accountField(frame, said)}
${field({ name: "password", label: say("password"), hint: null, type: "password", autocomplete: "current-password", value: "" })}
<button type="submit" class="main">${say("sign_in")}</button>
</form>
<p class="first">${say("first_time")} <a href="?do=claim">${say("get_code")}</a></p>
</main>`,
  });
};

/** Asking for a code that proves that one holds the phone on file. */
export const askCodePage = (frame: Frame, said: Said | null) => {
  const { say } = frame;
  return framed(frame, {
    body: html`${head(frame)}
<main id="page" class="door">
<h1>${say("code_title")}</h1>
<form method="post" action="my/code" class="card">
${reply(frame, said)}
<p>${say("code_lead")}</p>
${accountField(frame, said)}
<button type="submit" class="main">${say("send_code")}</button>
</form>
<p class="first"><a href="?do=code">${say("have_code")}</a> · <a href="?">${say("back")}</a></p>
</main>`,
  });
};

/** The code, and the password that one chooses with it. */
export const claimPage = (frame: Frame, said: Said | null) => {
  const { say } = frame;
  return framed(frame, {
    body: html`${head(frame)}
<main id="page" class="door">
<h1>${say("code_title")}</h1>
<form method="post" action="my/claim" class="card">
${reply(frame, said)}
${accountField(frame, said)}
${field(
  {
    name: "code",
    label: say("code"),
    hint: say("code_hint"),
    type: "text",
    autocomplete: "one-time-code",
    value: "",
  },
  true,
)}
${field({
  name: "password",
  label: say("new_password"),
  hint: say("password_hint"),
  type: "password",
  autocomplete: "new-password",
  value: "",
})}
<button type="submit" class="main">${say("set_password")}</button>
</form>
<p class="first"><a href="?do=claim">${say("get_code")}</a> · <a href="?">${say("back")}</a></p>
</main>`,
  });
};

/** The records do not answer: nobody can be signed in, and nothing is lost. */
export const downPage = (frame: Frame) => {
  const { say } = frame;
  frame.c.header("Retry-After", "60");
  return framed(frame, {
    status: 503,
    body: html`${head(frame)}
<main id="page" class="door">
<h1>${say("down_title")}</h1>
<p class="card">${say("down")}</p>
<p class="first"><a href="?">${say("again")}</a></p>
</main>`,
  });
};
