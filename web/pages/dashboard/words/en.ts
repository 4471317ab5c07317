export default { asking: "Asking …" };
