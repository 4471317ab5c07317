export default {
  pdf: "PDF",
  xlsx: "XLSX",
  title: "Rapports",
  print: "Imprimer",
  site: "Site",
  from: "Du",
  to: "Au",
  freeze: "Figer",
  freeze_ask: "Figer ce rapport ?",
  freeze_body:
    "Ses chiffres sont gardés tels qu'ils sont, avec leur empreinte, pour toujours. Les mêmes chiffres ne sont figés qu'une fois.",
  froze: "Le rapport est figé.",
  was_frozen: "Ces chiffres étaient déjà figés : les voici.",
  frozen: "Rapports figés",
};
