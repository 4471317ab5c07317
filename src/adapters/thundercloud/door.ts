import type { Currency } from "../../domain/country.ts";
import { askVendor, type VendorCall, type VendorDoor, type VendorReply } from "../vendors/http.ts";
import { WebSession } from "../vendors/web-session.ts";

/** One organisation, with one country's customers. */
export type ThunderCloudSettings = {
  url: string;
  org: string;
  /** Issued in the dashboard; goes stale without notice. */
  token: string;
  /** Gives a new token when the old one is stale, and opens the pages that the interface has not; null: neither. */
  login: { email: string; password: string } | null;
  currency: Currency;
  minorDigits: 0 | 2;
};

export const thunderCloudSecrets = ({ token, login }: ThunderCloudSettings): string[] =>
  [token, login?.password, login?.email].filter((each) => each !== undefined);

export const TC_LOOKUP_MS_MAX = 15_000;
export const TC_WRITE_MS_MAX = 90_000;

type ApiCall = Omit<VendorCall, "url" | "headers" | "body" | "expects"> & {
  path: string;
  form?: Record<string, string>;
};

/** The v0 interface under its token, and people's pages under the login. One for a job or a request. */
export class ThunderCloud {
  readonly settings: ThunderCloudSettings;
  readonly door: VendorDoor;
  /** Null: without a login there are no pages. */
  readonly pages: WebSession | null;
  #token: string;
  #isRenewed = false;

  constructor(settings: ThunderCloudSettings, door: VendorDoor) {
    this.settings = settings;
    this.door = door;
    this.#token = settings.token;
    this.pages = settings.login === null ? null : new WebSession(door, { origin: settings.url, ...settings.login });
  }

  /** Asks once more with a new token where the old one is stale: nothing was done under that. */
  async ask(call: ApiCall): Promise<VendorReply> {
    const reply = await this.#askOnce(call);
    if (reply.came !== "answer" || reply.status !== 401 || this.#isRenewed) return reply;
    return (await this.#renew()) ? this.#askOnce(call) : reply;
  }

  async #renew(): Promise<boolean> {
    this.#isRenewed = true;
    const opened = await this.pages?.open();
    const token = opened?.session ? opened.headers.get("authentication-token") : null;
    if (!token) return false;
    this.#token = token;
    return true;
  }

  #askOnce({ path, form, ...call }: ApiCall): Promise<VendorReply> {
    const secrets = [...this.door.secrets, this.#token];
    return askVendor(
      { ...this.door, secrets },
      {
        ...call,
        url: `${this.settings.url.replace(/\/+$/, "")}${path}`,
        headers: {
          accept: "application/json",
          "authentication-token": this.#token,
          ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
        },
        ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
        expects: "data",
      },
    );
  }
}
