import type { ComponentChildren } from "preact";
import { isPageBusy, isPageStale } from "../stale.ts";

type Props = { title: string; lead?: ComponentChildren; actions?: ComponentChildren; children: ComponentChildren };

/** A page: its name, what may be done here, and what it shows. What is of another question than it names is dimmed until its own answer comes. */
export const Page = ({ title, lead, actions, children }: Props) => (
  <div class={isPageStale() ? "page stale" : "page"} aria-busy={isPageBusy()}>
    <div class="page-head">
      <div>
        <h1>{title}</h1>
        {lead !== undefined && <p class="quiet">{lead}</p>}
      </div>
      {actions !== undefined && <div class="row actions">{actions}</div>}
    </div>
    {children}
  </div>
);

type PanelProps = {
  title?: string;
  actions?: ComponentChildren;
  foot?: ComponentChildren;
  children: ComponentChildren;
};

/** Things that belong together. */
export const Panel = ({ title, actions, foot, children }: PanelProps) => (
  <section class="panel">
    {(title !== undefined || actions !== undefined) && (
      <div class="row panel-head">
        {title !== undefined && <h2>{title}</h2>}
        <span class="gap" />
        {actions}
      </div>
    )}
    {children}
    {foot !== undefined && <div class="panel-foot quiet">{foot}</div>}
  </section>
);
