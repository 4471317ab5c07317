type Props = {
  label: string;
  tabs: readonly { key: string; label: string }[];
  chosen: string;
  onChoose(key: string): void;
};

/** One of several views of the same thing. Keep the chosen one in the address with `useAddress`. */
export const Tabs = ({ label, tabs, chosen, onChoose }: Props) => (
  <fieldset class="tabs">
    <legend class="hidden">{label}</legend>
    {tabs.map(({ key, label: name }) => (
      <button key={key} type="button" aria-pressed={key === chosen} onClick={() => onChoose(key)}>
        {name}
      </button>
    ))}
  </fieldset>
);
