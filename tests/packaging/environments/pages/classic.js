// A script of the old kind can load a module, too; what it has of the runtime is the global.
import("/plain.js").then(({ show, write }) => {
  show(window.Mizan, document.querySelector("[role=status]"));
  write(window.Mizan, document.querySelector("button"));
});
