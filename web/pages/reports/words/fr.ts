export default {
  pdf: "PDF",
  xlsx: "XLSX",
  title: "Rapports",
  print: "Imprimer",
  site: "Site",
  from: "Du",
  to: "Au",
  frozen: "Rapports figés",
};
