import { Button } from "./button.tsx";
import { Copy } from "./copy.tsx";
import { Dialog } from "./dialog.tsx";

type Props = { title: string; notice: string; text: string; kept: string; onClose(): void };

/** What opens a door, shown this once: to copy, and gone with the window. `kept`: the words of whoever has it now. */
export const ShownOnce = ({ title, notice, text, kept, onClose }: Props) => (
  <Dialog title={title} onClose={onClose}>
    <p class="notice">{notice}</p>
    <p class="link-once">
      <Copy text={text} />
    </p>
    <div class="row end">
      <Button kind="primary" onClick={onClose}>
        {kept}
      </Button>
    </div>
  </Dialog>
);
