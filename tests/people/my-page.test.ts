import { beforeAll, describe, expect, it } from "vitest";
import type { Env, JobMessage } from "../../workers/env.ts";
import { accountLocator } from "../../workers/objects/locate.ts";
import { facts } from "../workers/country.ts";
import { Browser, country, customer, idOf, ops, PASSWORD, session } from "./country.ts";

const asked: JobMessage[] = [];
const env: Env = {
  ...country,
  JOBS: { send: async (message: JobMessage) => void asked.push(message) } as unknown as Env["JOBS"],
};

/** A form without a script: fields as a browser sends them. */
class Visitor extends Browser {
  async send(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    const form = { "Content-Type": "application/x-www-form-urlencoded", ...headers };
    const { app } = await import("../../workers/index.ts");
    const response = await app.request(
      path,
      {
        method: "POST",
        headers: {
          Origin: "http://localhost",
          "CF-Connecting-IP": this.address,
          Cookie: [...this.jar].map((pair) => pair.join("=")).join("; "),
          ...form,
        },
        body: new URLSearchParams(fields).toString(),
      },
      env,
    );
    for (const cookie of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split("=");
      if (value === "") this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return { status: response.status, to: response.headers.get("Location") };
  }

  async open(path = "/my") {
    const { status, body, headers } = await this.ask("GET", path);
    return { status, headers, html: String(body.text ?? "") };
  }
}

const ACCOUNT = "0921MAK";
let owner: Browser;

beforeAll(async () => {
  owner = await customer(ACCOUNT);
  await accountLocator(country, ACCOUNT).configure(
    facts(ACCOUNT, { accountId: await idOf(ACCOUNT), version: 1_000_000 }),
  );
  await accountLocator(country, ACCOUNT).post(ACCOUNT, {
    entryKey: "receipt:MYPAGE01#1.1",
    receipt: "MYPAGE01",
    provider: "mpesa",
    road: "sms",
    amountMinor: 2_000,
    currency: "LSL",
    paidAt: Date.now(),
    payerPhone: null,
    contra: "clearing",
    actor: null,
    twinAllowed: false,
  });
});

const signedIn = () => {
  const visitor = new Visitor(env);
  for (const [name, value] of owner.jar) visitor.jar.set(name, value);
  return visitor;
};

describe("the customer's page, to nobody in particular", () => {
  it("is a form in the country's language that works without a script, and shows nothing of anybody", async () => {
    const { status, html, headers } = await new Visitor(env).open();
    expect(status).toBe(200);
    expect(html).toMatch(/<html lang="st"/);
    expect(html).toMatch(/<form method="post" action="my\/sign-in"/);
    expect(html).toMatch(/autocomplete="username"/);
    expect(html).toMatch(/autocomplete="current-password"/);
    expect(html).not.toMatch(/Mokoena|kWh</);
    expect(headers.get("X-My")).toBeNull();
  });

  it("lets no script or style stand in it, no other host and no frame", async () => {
    const { html, headers } = await new Visitor(env).open();
    const policy = headers.get("Content-Security-Policy") ?? "";
    expect(policy).toMatch(/default-src 'none'/);
    expect(policy).not.toMatch(/unsafe|https?:/);
    expect(html).not.toMatch(/ style=| on\w+=|<style|<script(?![^>]*(src=|type="application\/json"))/);
    expect(html).not.toMatch(/(?:src|href|action)="(?:https?:)?\/\//);
    expect(headers.get("Cache-Control")).toBe("no-store");
  });

  it("is read in another language once it was chosen, and in none that there is not", async () => {
    const visitor = new Visitor(env);
    expect((await visitor.ask("GET", "/my?lang=en")).status).toBe(303);
    expect((await visitor.open()).html).toMatch(/<html lang="en".*Sign in/s);
    await visitor.ask("GET", "/my?lang=xx");
    expect((await visitor.open()).html).toMatch(/<html lang="st"/);
  });

  it("is French in Benin", async () => {
    const { html } = await new Visitor({ ...env, COUNTRY: "BJ" }).open();
    expect(html).toMatch(/<html lang="fr"/);
    expect(html).toMatch(/Numéro de compte/);
  });

  it("is one page, whatever stands behind its name, and no cookie makes it say something else", async () => {
    const visitor = new Visitor(env);
    const folder = await visitor.ask("GET", "/my/");
    expect([folder.status, folder.headers.get("Location")]).toEqual([301, "../my"]);
    for (const said of ["toString", "{}", "%", '{"say":"toString"}', '{"say":"wrong","values":7}']) {
      visitor.jar.set("__Host-cc-ls-said", encodeURIComponent(said));
      expect([said, (await visitor.open()).status]).toEqual([said, 200]);
    }
  });

  it("shows no receipt to who is not signed in", async () => {
    const answer = await new Visitor(env).ask("GET", "/my/receipt/MYPAGE01");
    expect([answer.status, answer.headers.get("Location")]).toEqual([303, "../../my"]);
  });
});

describe("signing in by the form", () => {
  it("says what is wrong in the person's language, once, and keeps what was typed but never the password", async () => {
    const visitor = new Visitor(env);
    const sent = await visitor.send("/my/sign-in", { account: "mak0921", password: "not the one" });
    expect(sent).toEqual({ status: 303, to: "../my" });
    const { html } = await visitor.open();
    expect(html).toMatch(/Nomoro ea akhaonte kapa phasewete ha ea nepahala/);
    expect(html).toMatch(/value="mak0921"/);
    expect(html).not.toMatch(/not the one/);
    expect((await visitor.open()).html).not.toMatch(/ha ea nepahala/);
  });

  it("names a field that was left empty, and takes no form of another site", async () => {
    const visitor = new Visitor(env);
    await visitor.send("/my/sign-in", { account: "0921MAK", password: "" });
    expect((await visitor.open()).html).toMatch(/Tlatsa libaka tsohle/);
    await visitor.send("/my/sign-in", { account: ACCOUNT, password: PASSWORD }, { Origin: "https://evil.example" });
    expect((await visitor.open()).html).toMatch(/Sena ha sea tsoa leqepheng la rona/);
    expect([...visitor.jar.keys()].filter((name) => name.includes("session"))).toEqual([]);
  });

  it("writes what somebody typed as text, whatever it is", async () => {
    const visitor = new Visitor(env);
    await visitor.send("/my/sign-in", { account: `"><script>alert(1)</script>`, password: "x" });
    const { html } = await visitor.open();
    expect(html).not.toMatch(/<script>alert/);
    expect(html).toMatch(/&quot;&gt;&lt;script&gt;/);
  });

  it("opens the page, and signing out closes it", async () => {
    const visitor = new Visitor(env);
    expect(await visitor.send("/my/sign-in", { account: ACCOUNT, password: PASSWORD })).toEqual({
      status: 303,
      to: "../my",
    });
    expect((await visitor.open()).html).toMatch(/0921MAK/);
    await visitor.send("/my/sign-out", {});
    expect((await visitor.open()).html).toMatch(/U tsoile/);
    expect((await visitor.ask("GET", "/api/my/profile")).status).toBe(401);
  });

  it("is not closed by a page of another site, and is closed on this phone also while the database is down", async () => {
    const { app } = await import("../../workers/index.ts");
    const visitor = new Visitor(env);
    await visitor.send("/my/sign-in", { account: ACCOUNT, password: PASSWORD });
    const foreign = await app.request(
      "http://localhost/my/sign-out",
      {
        method: "POST",
        headers: { Origin: "https://evil.example", "Content-Type": "application/x-www-form-urlencoded" },
      },
      env,
    );
    expect(foreign.headers.getSetCookie().some((cookie) => /session=;/.test(cookie))).toBe(false);
    const down = await app.request(
      "http://localhost/my/sign-out",
      { method: "POST", headers: { Origin: "http://localhost", "Content-Type": "application/x-www-form-urlencoded" } },
      { ...env, NEON_SQL_URL: "http://127.0.0.1:9/sql" },
    );
    expect(down.headers.getSetCookie().some((cookie) => /session=;/.test(cookie))).toBe(true);
  });

  it("with a code: asks for one, sets the password and is in", async () => {
    await ops("POST", "/accounts", {
      accounts: [
        {
          account: "0922MAK",
          name: "Puleng Nkosi",
          phone: "26650009922",
          language: "st",
          status: "live",
          aliases: [],
          meters: [],
        },
      ],
    });
    const visitor = new Visitor(env);
    expect((await visitor.send("/my/code", { account: "0922mak" })).to).toBe("../my?do=code");
    expect(asked.at(-1)).toEqual({ job: "claim-code", page: "0922mak" });
    const form = (await visitor.open("/my?do=code")).html;
    expect(form).toMatch(/autocomplete="one-time-code"/);
    expect(form).toMatch(/value="0922mak"/);
    const { body } = await ops("POST", "/claim-codes", { account: "0922MAK" });
    const code = String(body.code);
    const weak = await visitor.send("/my/claim", { account: "0922MAK", code, password: "short" });
    expect(weak.to).toBe("../my?do=code");
    expect((await visitor.open("/my?do=code")).html).toMatch(/Khetha phasewete e ’ngoe/);
    expect(
      (
        await visitor.send("/my/claim", {
          account: "0922MAK",
          code: `${code.slice(0, 4)} ${code.slice(4)}`,
          password: PASSWORD,
        })
      ).to,
    ).toBe("../my");
    expect((await visitor.open()).html).toMatch(/Puleng Nkosi/);
  });
});

describe("the customer's page", () => {
  it("has its first figures before any script: what is left, what it is worth, when and by whom", async () => {
    const { html, headers, status } = await signedIn().open();
    expect(status).toBe(200);
    expect(html).toMatch(/4\.00 kWh/);
    expect(html).toMatch(/M20\.00, ka M5\.00 ka kWh/);
    expect(html).toMatch(/ho latela libuka tsa rona/);
    expect(html).toMatch(/class="lcd-lit" d="M/);
    expect(headers.get("X-My")).toBe("signed-in");
  });

  it("is no page of staff", async () => {
    const { browser } = await session(["superadmin"]);
    expect(String((await browser.ask("GET", "/my")).body.text)).toMatch(/action="my\/sign-in"/);
  });

  it("has an app's manifest in the customer's language, with addresses that fit behind a country too", async () => {
    const { headers, body } = await signedIn().ask("GET", "/my/app.webmanifest");
    expect(headers.get("Content-Type")).toMatch(/manifest\+json/);
    expect(body).toMatchObject({ lang: "st", start_url: "../my", scope: "../my", display: "standalone" });
  });

  it("says no such payment, for somebody else's receipt too", async () => {
    const { status, html } = await signedIn().open("/my/receipt/ELSE0001");
    expect(status).toBe(404);
    expect(html).toMatch(/Ha ho tefo e joalo/);
  });

  it("says that nobody can look while the database is down", async () => {
    const visitor = signedIn();
    const down = { ...env, NEON_SQL_URL: "http://127.0.0.1:9/sql" };
    const { status, body } = await visitor.ask("GET", "/my", undefined, { env: down });
    expect(status).toBe(503);
    expect(String(body.text)).toMatch(/Ha re khone ho sheba hona joale/);
  });
});

describe("the figures behind it", () => {
  it("are the own account's, and wrong questions are answered by name", async () => {
    const visitor = signedIn();
    const energy = await visitor.ask("GET", "/api/my/energy?window=24h");
    expect(energy.body).toMatchObject({ account: ACCOUNT, bucket: "hour", utcOffsetMinutes: 120 });
    expect(energy.body.energyWh).toEqual(Array.from({ length: 24 }, () => null));
    const wrong = await visitor.ask("GET", "/api/my/energy?window=2y");
    expect([wrong.status, wrong.body.error?.details]).toMatchObject([400, [{ field: "window" }]]);
    expect((await visitor.ask("GET", "/api/my/payments?limit=500")).status).toBe(400);
    expect((await visitor.ask("GET", "/api/my/payments?before=x")).status).toBe(400);
    expect((await visitor.ask("GET", "/api/my/payments")).body).toMatchObject({
      account: ACCOUNT,
      payments: [],
      next: null,
    });
  });

  it("are nobody else's", async () => {
    const { browser: staff } = await session(["superadmin"]);
    for (const path of ["/api/my/energy", "/api/my/payments"]) {
      expect((await new Browser(env).ask("GET", path)).status).toBe(401);
      expect((await staff.ask("GET", path)).status).toBe(403);
    }
  });
});
