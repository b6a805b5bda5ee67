/* A page that was opened from a folder may start no worker: there, its script runs in a hidden frame instead. */
(function () {
  "use strict";

  if (location.protocol !== "file:") return;

  window.Worker = class extends EventTarget {
    #waiting = [];
    #frame = document.createElement("iframe");

    constructor(address) {
      super();
      this.#frame.hidden = true;
      this.#frame.title = "Worker";
      document.body.append(this.#frame);
      const inside = this.#frame.contentWindow;
      inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      const script = inside.document.createElement("script");
      script.addEventListener("load", () => this.#started());
      script.addEventListener("error", () => this.dispatchEvent(new Event("error")));
      script.src = address;
      inside.document.head.append(script);
    }

    #started() {
      const waiting = this.#waiting;
      this.#waiting = null;
      for (const data of waiting) this.postMessage(data);
    }

    postMessage(data) {
      if (this.#waiting) this.#waiting.push(data);
      else this.#frame.contentWindow.dispatchEvent(new MessageEvent("message", { data }));
    }

    terminate() {
      this.#frame.remove();
    }
  };
})();
