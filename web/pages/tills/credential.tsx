import { Button } from "../../parts/button.tsx";
import { Copy } from "../../parts/copy.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { QrCode } from "../sign-in/qr-code.tsx";
import { t } from "./words.ts";

export type Credential = { phoneId: string; token: string; medicUrl: string; smssyncUrl: string };

/** A key that was just given: shown once, to copy or to read with the phone; afterwards only its hash is kept. */
export const CredentialBox = ({ given, onClose }: { given: Credential; onClose(): void }) => (
  <Dialog title={t("given", { phone: given.phoneId })} onClose={onClose}>
    <p class="notice">{t("once")}</p>
    <h3>Medic Gateway</h3>
    <Copy text={given.medicUrl} />
    <QrCode text={given.medicUrl} />
    <details>
      <summary>SMSSync</summary>
      <Copy text={given.smssyncUrl} />
      <QrCode text={given.smssyncUrl} />
    </details>
    <div class="row end">
      <Button kind="primary" onClick={onClose}>
        {t("kept")}
      </Button>
    </div>
  </Dialog>
);
