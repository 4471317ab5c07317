export default {
  pdf: "PDF",
  xlsx: "XLSX",
  title: "Litlaleho",
  print: "Hatisa",
  site: "Setša",
  from: "Ho tloha",
  to: "Ho fihlela",
  frozen: "Litlaleho tse hoammeng",
};
