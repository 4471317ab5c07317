import { AwsClient } from "aws4fetch";
import { relayPayload, relayTopic } from "../../domain/relay-commands.ts";
import { err, ok } from "../../domain/result.ts";
import type { Relays } from "../../ports/relays.ts";

const PUBLISH_TIMEOUT_MS = 5_000;
const ERROR_CHARS_MAX = 200;
const SERVICE = "iotdevicegateway";

type AwsIotSettings = {
  /** Host of the data endpoint, with or without a scheme. */
  IOT_ENDPOINT: string;
  IOT_REGION: string;
  AWS_ACCESS_KEY_ID: string;
  AWS_SECRET_ACCESS_KEY: string;
};

/** Of one day, and of the next while it begins. */
const SIGNING_KEYS_MAX = 2;
/** What is signed with is made of the secret and the day, in four steps: the same for each command of a day. */
const signingKeys = new Map<string, ArrayBuffer>();

/** Publishes to the meters' MQTT topics through AWS IoT's HTTPS endpoint, at least once (QoS 1). */
export function awsIot(settings: AwsIotSettings): Relays {
  const origin = settings.IOT_ENDPOINT.includes("://") ? settings.IOT_ENDPOINT : `https://${settings.IOT_ENDPOINT}`;
  return {
    async publish(command) {
      const topic = encodeURIComponent(relayTopic(command.thing));
      const abort = new AbortController();
      // Cleared at the end: a timer that still runs would keep its object awake.
      const timer = setTimeout(() => abort.abort(new Error("no answer in time")), PUBLISH_TIMEOUT_MS);
      try {
        if (signingKeys.size > SIGNING_KEYS_MAX) signingKeys.clear();
        const client = new AwsClient({
          cache: signingKeys,
          accessKeyId: settings.AWS_ACCESS_KEY_ID,
          secretAccessKey: settings.AWS_SECRET_ACCESS_KEY,
          region: settings.IOT_REGION,
          service: SERVICE,
        });
        const request = await client.sign(`${origin.replace(/\/$/, "")}/topics/${topic}?qos=1`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(relayPayload(command)),
        });
        const response = await fetch(request, { redirect: "manual", signal: abort.signal });
        // Read to the end, so that the connection is free again.
        const text = await response.text();
        if (response.ok) return ok(null);
        return err({ kind: "not_published", status: response.status, error: text.slice(0, ERROR_CHARS_MAX) });
      } catch (thrown) {
        return err({ kind: "not_published", status: null, error: String(thrown).slice(0, ERROR_CHARS_MAX) });
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
