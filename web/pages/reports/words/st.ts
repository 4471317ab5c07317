export default {
  pdf: "PDF",
  xlsx: "XLSX",
  title: "Litlaleho",
  print: "Hatisa",
  site: "Setša",
  from: "Ho tloha",
  to: "Ho fihlela",
  freeze: "Hoamisa",
  freeze_ask: "Hoamisa tlaleho ee?",
  freeze_body:
    "Lipalo tsa eona li bolokoa joalokaha li le hona joale, le letšoao la tsona, ka ho sa feleng. Lipalo tse tšoanang li hoamisoa hang feela.",
  froze: "Tlaleho e hoamisitsoe.",
  was_frozen: "Lipalo tsena li ne li se li hoamisitsoe: ke tsena.",
  frozen: "Litlaleho tse hoammeng",
};
