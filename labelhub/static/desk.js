/* What happens on the desk over time: drafts, hiding, countdowns, failures, a moment.
   The server decides everything; here nothing is shown longer or sent twice. */
"use strict";
(() => {
  const desk = document.querySelector("#desk");
  if (!desk) return;
  const one = (selector) => document.querySelector(selector);
  const words = desk.dataset;
  const say = (text) => { one("#announcement").textContent = text ?? ""; };
  const template = (id) => one(`#${id}`).content.cloneNode(true);
  const show = (fragment, place = desk) => { place.replaceChildren(fragment); window.htmx?.process(place); };

  /* Time. A sleeping computer stops one of the two clocks; whichever is over first counts. */
  let watches = [];
  const after = (seconds, act, tick = () => {}) => {
    const steady = performance.now() + seconds * 1000;
    const wall = Date.now() + seconds * 1000;
    const left = () => Math.min(steady - performance.now(), wall - Date.now()) / 1000;
    const watch = { check: () => { if (left() <= 0) { watches = watches.filter((other) => other !== watch); act(); } else tick(left()); } };
    watches.push(watch);
  };
  const checkAll = () => { for (const watch of [...watches]) watch.check(); };
  setInterval(checkAll, 1000);
  document.addEventListener("visibilitychange", checkAll);

  /* Drafts hold the answer only, never the text of an item. */
  const PAUSE = 1200; // milliseconds without a keystroke
  const form = () => one("form.bar");
  const assignment = () => one("#item")?.dataset.assignment;
  const slot = (id) => `labelhub.draft.${id}`;
  const answerOf = (bar) => [...new FormData(bar)].filter(([name]) => !["assignment", "key"].includes(name));
  let waiting = 0;
  let sending = null;
  const draftState = (text) => { const place = one("#draft-state"); if (place) place.textContent = text ?? ""; };
  const keepHere = (id, bar) => { try { sessionStorage.setItem(slot(id), JSON.stringify(answerOf(bar))); return true; } catch { return false; } };
  const forget = (id) => { clearTimeout(waiting); waiting = 0; sending?.abort(); try { sessionStorage.removeItem(slot(id)); } catch { /* none kept */ } };
  const sendDraft = async () => {
    waiting = 0;
    const [id, bar] = [assignment(), form()];
    if (!id || !bar) return;
    const here = keepHere(id, bar);
    sending?.abort();
    sending = new AbortController();
    try {
      const answer = await fetch(words.draftUrl, { method: "POST", body: new URLSearchParams(new FormData(bar)), signal: sending.signal, redirect: "error" });
      draftState(answer.ok ? words.sayKept : here ? words.sayKeptHere : "");
    } catch (error) {
      if (error.name !== "AbortError") draftState(here ? words.sayKeptHere : "");
    }
  };
  const flush = () => {
    if (!waiting || !form()) return;
    clearTimeout(waiting);
    waiting = 0;
    keepHere(assignment(), form());
    navigator.sendBeacon(words.draftUrl, new URLSearchParams(new FormData(form())));
  };
  const noteChange = (event) => {
    if (!event.target.closest?.("form.bar")) return;
    const problem = one("#problem");
    if (problem) problem.hidden = true;
    draftState("");
    keepHere(assignment(), form());
    clearTimeout(waiting);
    waiting = setTimeout(sendDraft, PAUSE);
  };
  document.addEventListener("input", noteChange);
  const restore = (id) => {
    const bar = form();
    let kept = [];
    try { kept = JSON.parse(sessionStorage.getItem(slot(id)) ?? "[]"); } catch { return; }
    if (!bar || answerOf(bar).some(([, value]) => value !== "")) return; // the server's draft is newer
    for (const [name, value] of kept) {
      const field = [...bar.elements].find((control) => control.name === name && (control.type === "textarea" || control.value === value));
      if (field?.type === "textarea") field.value = value;
      else if (field && ["radio", "checkbox"].includes(field.type)) field.checked = true;
      if (field?.type === "textarea" && value) field.closest("details").open = true;
    }
  };

  /* Hiding: the granted time is over, or the person has left the page. */
  const hideText = () => {
    const reading = one("#reading");
    if (!reading) return;
    const hadFocus = reading.contains(document.activeElement);
    show(template("hidden-now"), reading);
    say(words.sayHidden);
    if (hadFocus) one("#hidden [data-focus]")?.focus();
  };
  window.addEventListener("pagehide", () => { flush(); if (one("#item")) show(template("ready-now")); });
  window.addEventListener("pageshow", (event) => { if (event.persisted && !one("#moment")) show(template("ready-now")); });

  /* Countdowns are decoration: minutes in words, seconds only at the end. */
  const unit = (count, name) => new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: name, unitDisplay: "long" }).format(count);
  const countDown = (seconds) => {
    const place = one("[data-countdown]");
    if (!place) return;
    const text = seconds > 60 ? unit(Math.ceil(seconds / 60), "minute") : unit(Math.ceil(seconds / 10) * 10, "second");
    if (place.textContent !== text) place.textContent = text;
  };
  const restOver = () => {
    one(".countdown")?.remove();
    one("#break .button-quiet[type=submit]")?.classList.replace("button-quiet", "button");
    say(words.sayOver);
  };

  /* A failure keeps everything and says so; trying again sends the same key, so nothing counts twice. */
  let failed = null;
  const trouble = (event) => {
    const config = event.detail.requestConfig;
    if (config?.elt?.id === "moment-form") return;
    failed = { form: config?.elt, submitter: config?.triggeringEvent?.submitter };
    const kind = event.type === "htmx:responseError" ? "refused" : "network";
    for (const text of document.querySelectorAll("#trouble [data-kind]")) text.hidden = text.dataset.kind !== kind;
    one("#trouble").hidden = false;
    if (form()) keepHere(assignment(), form());
  };
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.body.addEventListener(name, trouble);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-action=retry]")) return;
    one("#trouble").hidden = true;
    if (failed?.form?.isConnected && failed.form.requestSubmit) failed.form.requestSubmit(failed.submitter?.isConnected ? failed.submitter : undefined);
    else failed?.form?.click?.();
  });
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    one("#trouble").hidden = true;
    if (event.target.matches("form.bar")) { clearTimeout(waiting); waiting = 0; sending?.abort(); }
  });
  /* What is missing is said in the bar, not in a bubble over the text. */
  document.addEventListener("invalid", (event) => {
    const problem = event.target.closest?.("form.bar") && one("#problem");
    if (!problem) return;
    event.preventDefault();
    if (!problem.hidden) return;
    problem.textContent = words.sayChoose;
    problem.hidden = false;
    event.target.focus({ preventScroll: true });
  }, { capture: true });

  /* "I need a moment": everything is gone before the server has answered, and if it never does. */
  one("#moment-form")?.addEventListener("submit", () => {
    const bar = form();
    flush();
    if (bar) window.htmx?.trigger(bar, "htmx:abort");
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    for (const id of ["#trouble", "#check-in"]) one(id).hidden = true;
    show(template("moment-now"));
  }, { capture: true });

  /* A check-in is announced once, takes no focus, and goes with the next answer unless it is in use. */
  const checkIn = () => {
    const panel = one("#check-in");
    if (!panel || panel.hidden) return "";
    const words = panel.dataset.announce;
    if (words) { delete panel.dataset.announce; return words; }
    const asked = panel.querySelector("textarea");
    if (asked && !asked.value && !panel.contains(document.activeElement)) { panel.replaceChildren(); panel.hidden = true; }
    return "";
  };
  /* Whatever arrives in the desk is announced, focused and watched. */
  let lastItem = null;
  const arrived = (first) => {
    const shown = desk.firstElementChild;
    if (!shown) return;
    watches = [];
    const id = assignment() ?? null;
    if (lastItem && lastItem !== id && !["ready", "moment", "break", "refusal", "again"].includes(shown.id)) forget(lastItem);
    if (id) { restore(id); lastItem = id; }
    const offered = checkIn();
    if (!first) { say([shown.dataset.announce, offered].filter(Boolean).join(" ")); shown.querySelector("[data-focus]")?.focus({ preventScroll: true }); }
    const undo = one("#undo");
    if (undo) after(Number(undo.dataset.goneAfter), () => { undo.hidden = true; });
    if (shown.dataset.hideAfter) after(Number(shown.dataset.hideAfter), hideText);
    if (Number(shown.dataset.until) > 0) after(Number(shown.dataset.until), restOver, countDown);
    document.dispatchEvent(new CustomEvent("labelhub:shown"));
  };
  new MutationObserver(() => arrived(false)).observe(desk, { childList: true });
  arrived(true);
})();
