export default {
  pdf: "PDF",
  xlsx: "XLSX",
  title: "Reports",
  print: "Print",
  site: "Site",
  from: "From",
  to: "To",
  frozen: "Frozen reports",
};
