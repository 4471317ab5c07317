import { useState } from "preact/hooks";
import { t } from "../shell/words.ts";
import { Button } from "./button.tsx";

export type Fix = { latitude: string; longitude: string };
const WAIT_MS_MAX = 30_000;
/** About a tenth of a metre. */
const DECIMALS = 6;

/** Where this device is, taken when it is asked for; says how sure it is, or why it does not know. */
export function Gps({ onFix }: { onFix(fix: Fix): void }) {
  const [says, setSays] = useState("");
  const [isBusy, setBusy] = useState(false);
  const look = () => {
    setBusy(true);
    setSays(t("gps_looking"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setBusy(false);
        setSays(t("gps_found", { m: Math.round(coords.accuracy) }));
        onFix({ latitude: coords.latitude.toFixed(DECIMALS), longitude: coords.longitude.toFixed(DECIMALS) });
      },
      ({ code }) => {
        setBusy(false);
        setSays(t(code === GeolocationPositionError.PERMISSION_DENIED ? "gps_denied" : "gps_none"));
      },
      { enableHighAccuracy: true, timeout: WAIT_MS_MAX, maximumAge: 0 },
    );
  };
  return (
    <div class="row">
      <Button busy={isBusy} onClick={look}>
        {t("gps")}
      </Button>
      <small class="quiet" role="status">
        {says}
      </small>
    </div>
  );
}
