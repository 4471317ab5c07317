export default {
  pdf: "PDF",
  title: "Rapports",
  print: "Imprimer",
  site: "Site",
  from: "Du",
  to: "Au",
};
