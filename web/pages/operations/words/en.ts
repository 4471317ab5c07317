export default { title: "Operations", asking: "Asking …" };
