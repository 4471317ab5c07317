export default {
  pdf: "PDF",
  title: "Litlaleho",
  print: "Hatisa",
  site: "Setša",
  from: "Ho tloha",
  to: "Ho fihlela",
};
