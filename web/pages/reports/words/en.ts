export default {
  pdf: "PDF",
  title: "Reports",
  print: "Print",
  site: "Site",
  from: "From",
  to: "To",
};
