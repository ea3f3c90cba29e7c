// What pages gain with a script. Everything works without it; this only adds.
"use strict";

(() => {
  const doc = document;
  const all = (selector, root = doc) => [...root.querySelectorAll(selector)];

  // The server shows times in the zone of the browser, unless the person prefers another one.
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (timeZone) doc.cookie = `zone=${timeZone};path=/;max-age=31536000;samesite=lax`;

  // The error summary and new fields ask for the keyboard with autofocus. Older browsers ignore
  // it on a <div>, and htmx ignores it in what it swaps in.
  // A URL with a #fragment already says where to go.
  const asked = new WeakSet();
  function focusNew() {
    const wanted = all("[autofocus]").filter((element) => !asked.has(element));
    wanted.forEach((element) => asked.add(element));
    if (wanted[0] && wanted[0] !== doc.activeElement && location.hash.length < 2) {
      wanted[0].focus();
    }
  }

  // A second click within a second is not a second wish.
  const clicked = new WeakMap();
  doc.addEventListener("click", (event) => {
    const button = event.target.closest("button[type=submit]");
    if (!button) return;
    if (event.timeStamp - (clicked.get(button) ?? -1e4) < 1000) event.preventDefault();
    else clicked.set(button, event.timeStamp);
  });

  // Characters, as the server counts them: code points, a line end is one.
  const length = (area) => [...area.value].length;

  // A text in the plural form for the first number; the server sends the forms as JSON.
  const { lang } = doc.documentElement;
  const plural = new Intl.PluralRules(lang);
  function say(json, ...numbers) {
    const forms = JSON.parse(json);
    const text = forms[`=${numbers[0]}`] ?? forms[plural.select(numbers[0])] ?? forms.other;
    let next = 0;
    return text.replace(/%(?:\[(\d)\])?d/g, (_, n) =>
      numbers[n ? n - 1 : next++].toLocaleString(lang),
    );
  }

  // The number changes silently; near the limit it is also said, a second after the last key.
  function counter(area) {
    const count = doc.getElementById(`${area.id}-count`);
    if (!count) return;
    const status = doc.createElement("p");
    status.className = "vh";
    status.role = "status";
    count.after(status);
    let timer;
    const text = (left) =>
      left < 0 ? say(count.dataset.over, -left) : say(count.dataset.left, left);
    const update = () => {
      const left = area.dataset.max - length(area);
      count.textContent = text(left);
      count.classList.toggle("is-over", left < 0);
      clearTimeout(timer);
      timer = setTimeout(() => (status.textContent = left <= 100 ? text(left) : ""), 1000);
    };
    area.addEventListener("input", update);
    count.textContent = text(area.dataset.max - length(area));
  }

  const labelOf = (box) => box.labels[0]?.textContent.trim() ?? "";

  // The line in the summary of a picker: how many are ticked, and which.
  function recount(picker) {
    const chosen = all("input[type=checkbox]:checked", picker).map(labelOf);
    const { selected, comma } = picker.dataset;
    picker.querySelector(".picker__n").textContent = say(selected, chosen.length);
    picker.querySelector(".picker__c").textContent = chosen.join(comma);
  }

  // Hides what does not match by label, value or name in another language, never what is ticked.
  function filter(picker, text) {
    const boxes = all("input[type=checkbox]", picker);
    let shown = 0;
    for (const box of boxes) {
      const names = `${labelOf(box)} ${box.value} ${box.dataset.also ?? ""}`;
      const match = names.toLowerCase().includes(text);
      box.closest(".app-opt").hidden = !match && !box.checked;
      if (match) shown++;
    }
    for (const group of all(".pg", picker)) {
      group.hidden = !group.querySelector(".app-opt:not([hidden])");
    }
    picker.querySelector(".picker__bar [role=status]").textContent =
      say(picker.dataset.shown, shown, boxes.length);
  }

  // The filter has no name, so it is never posted, and Enter in it sends nothing.
  function addFilter(picker) {
    const bar = picker.querySelector("template")?.content.cloneNode(true);
    if (!bar) return;
    const input = bar.querySelector("input");
    picker.querySelector(".picker__in").prepend(bar);
    input.addEventListener("input", () => filter(picker, input.value.trim().toLowerCase()));
    input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    filter(picker, "");
  }

  function pick(picker) {
    addFilter(picker);
    picker.addEventListener("change", () => recount(picker));
    recount(picker);
  }

  function copy(button) {
    const source = doc.getElementById(button.dataset.copy);
    if (!source || !navigator.clipboard) return;
    button.hidden = false;
    const status = button.nextElementSibling;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(source.textContent);
      status.textContent = button.dataset.copied;
      setTimeout(() => (status.textContent = ""), 3000);
    });
  }

  // Printing is the script's, so the button is there only with it.
  function print(button) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // The menu closes on Escape, and when the person goes elsewhere.
  function menu(box) {
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !box.open) return;
      box.open = false;
      box.querySelector("summary").focus();
    });
    box.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !box.contains(event.relatedTarget)) box.open = false;
    });
    doc.addEventListener("click", (event) => {
      if (!box.contains(event.target)) box.open = false;
    });
  }

  // Opens the browser's own calendar on a hidden date input and fills the three fields.
  function calendar(button) {
    const parts = ["year", "month", "day"].map((part) =>
      doc.getElementById(`${button.dataset.calendar}-${part}`),
    );
    const picker = button.nextElementSibling;
    if (!picker?.showPicker || parts.includes(null)) return;
    button.hidden = picker.hidden = false;
    button.addEventListener("click", () => picker.showPicker());
    picker.addEventListener("change", () => {
      picker.value.split("-").forEach((text, i) => {
        parts[i].value = Number(text) || "";
        parts[i].dispatchEvent(new Event("input", { bubbles: true }));
      });
      parts[2].focus();
    });
  }

  // htmx keeps what is typed while one types. This says once what goes wrong, tries again when that
  // may help, and keeps the last words of a page that is left in another way than by its buttons.
  function autosave(element) {
    const form = element.closest("form");
    const words = element.dataset;
    let unsaved = false;
    let leaving = false;
    let wrong = "";
    let timer;
    const retry = () => wrong && element.dispatchEvent(new Event("retry"));
    const fail = (why) => {
      unsaved = true;
      clearTimeout(timer);
      timer = setTimeout(retry, 15000);
      if (wrong === why) return;
      wrong = why;
      const alert = doc.createElement("p");
      alert.id = "save-status";
      alert.className = "saved is-wrong";
      alert.role = "alert";
      doc.getElementById(alert.id).replaceWith(alert);
      alert.textContent = words[why];
    };
    const flush = () => {
      if (!unsaved) return;
      const body = new URLSearchParams(new FormData(form));
      if (navigator.sendBeacon(element.getAttribute("hx-post"), body)) unsaved = false;
    };
    form.addEventListener("input", () => {
      unsaved = true;
      leaving = false;
    });
    form.addEventListener("submit", (event) => {
      if (navigator.onLine) {
        unsaved = false;
        leaving = true; // what comes after the button's own post would undo it
        element.dispatchEvent(new Event("htmx:abort"));
      } else {
        event.preventDefault();
        fail("offline");
      }
    });
    element.addEventListener("htmx:before:request", (event) => {
      // Nothing new is no reason to ask the server: it would make the session last.
      if (leaving || !unsaved) event.preventDefault();
      else unsaved = false;
    });
    element.addEventListener("htmx:after:request", (event) => {
      const { status } = event.detail.ctx.response;
      if (status < 400) {
        wrong = "";
        clearTimeout(timer);
      } else if (status === 401) fail("signedOut");
      else fail(status === 404 || status === 409 ? "refused" : "failed");
    });
    element.addEventListener("htmx:error", () => fail(navigator.onLine ? "failed" : "offline"));
    addEventListener("online", retry);
    addEventListener("pagehide", flush);
    doc.addEventListener("visibilitychange", () => (doc.hidden ? flush() : retry()));
  }

  // Shortly before the session ends the person is asked to stay. Any answer of the server may move
  // the end, in this tab or in another one of the same person.
  function session(dialog) {
    const warn = dialog.dataset.warn * 1000;
    const tabs = new BroadcastChannel("session");
    let end = 0;
    let asked = 0;
    const check = () => {
      const left = end - Date.now();
      if (dialog.open && (left > warn || left < 0)) dialog.close();
      if (dialog.open || left > warn || left < 0 || asked === end) return;
      asked = end;
      dialog.showModal();
    };
    const until = (time) => {
      if (time > end + 1000) end = time;
      check();
    };
    const lasts = (seconds) => {
      if (!seconds) return;
      until(Date.now() + seconds * 1000);
      tabs.postMessage(end);
    };
    tabs.onmessage = (event) => until(event.data);
    dialog.querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      dialog.close();
      const headers = { "HX-Request": "true" };
      try {
        const answer = await fetch(event.target.action, { method: "POST", headers });
        lasts(answer.headers.get("Tandem-Session"));
      } catch {
        asked = 0; // ask again while there is time
      }
    });
    doc.addEventListener("htmx:after:request", (event) =>
      lasts(event.detail.ctx.response.headers.get("Tandem-Session")),
    );
    doc.addEventListener("visibilitychange", check);
    setInterval(check, 5000);
    lasts(dialog.dataset.seconds);
  }

  // Each element once, also when htmx brings new ones.
  const seen = new WeakSet();
  function enhance(selector, improve) {
    for (const element of all(selector)) {
      if (seen.has(element)) continue;
      seen.add(element);
      improve(element);
    }
  }

  function start() {
    enhance("textarea[data-max]", counter);
    enhance(".picker", pick);
    enhance("[data-copy]", copy);
    enhance("[data-calendar]", calendar);
    enhance("[data-print]", print);
    enhance(".menu", menu);
    enhance("#autosave", autosave);
    enhance("#session", session);
    focusNew();
  }

  // A link into a closed box opens it first.
  doc.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const target = link && doc.getElementById(link.hash.slice(1));
    const box = target?.closest("details:not([open])");
    if (box) box.open = true;
  });

  start();
  doc.addEventListener("htmx:after:swap", start);
})();
