/* Ways to look at an item: differences, plain text, size, turns, and the two dialogs.
   They change only the page; text is handled as text and never parsed. */
"use strict";
(() => {
  const root = document.documentElement;
  const desk = document.querySelector("#desk");
  if (!desk) return;
  const stored = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const store = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private mode */ } };
  const say = (words) => { document.querySelector("#announcement").textContent = words; };

  /* Size of the reading text, five steps, kept in this browser. */
  const SIZES = 5;
  const size = () => Number(stored("labelhub.size") ?? 2);
  const showSize = () => {
    for (let step = 0; step < SIZES; step += 1) root.classList.toggle(`size-${step}`, step === size());
  };
  const resize = (by) => { store("labelhub.size", Math.min(SIZES - 1, Math.max(1, size() + by))); showSize(); };

  /* Differences between two completions, word by word, only on demand. */
  const CELLS = 4_000_000; // two texts of 2,000 words; beyond, the table takes too long
  const segmenter = Intl.Segmenter ? new Intl.Segmenter(undefined, { granularity: "word" }) : null;
  const pieces = (text) => (segmenter ? [...segmenter.segment(text)].map((part) => part.segment) : text.split(/(\s+)/u));
  const words = (box) => {
    const found = [];
    const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      for (const word of pieces(walker.currentNode.data)) found.push({ word, node: walker.currentNode, same: word.trim() === "" });
    }
    return found;
  };
  const markSame = (first, second) => {
    const [a, b] = [first, second].map((list) => list.filter((entry) => !entry.same));
    const width = b.length + 1;
    const table = new Uint16Array((a.length + 1) * width);
    for (let i = a.length - 1; i >= 0; i -= 1) {
      for (let j = b.length - 1; j >= 0; j -= 1) {
        table[i * width + j] = a[i].word === b[j].word
          ? table[(i + 1) * width + j + 1] + 1
          : Math.max(table[(i + 1) * width + j], table[i * width + j + 1]);
      }
    }
    for (let i = 0, j = 0; i < a.length && j < b.length;) {
      if (a[i].word === b[j].word) { a[i].same = true; b[j].same = true; i += 1; j += 1; }
      else if (table[(i + 1) * width + j] >= table[i * width + j + 1]) i += 1;
      else j += 1;
    }
  };
  const drawMarks = (entries) => {
    const byNode = Map.groupBy ? Map.groupBy(entries, (entry) => entry.node) : entries.reduce(
      (map, entry) => map.set(entry.node, [...(map.get(entry.node) ?? []), entry]), new Map());
    for (const [node, list] of byNode) {
      node.replaceWith(...list.map((entry) => {
        if (entry.same) return document.createTextNode(entry.word);
        const mark = document.createElement("mark");
        mark.textContent = entry.word;
        return mark;
      }));
    }
  };
  let untouched = [];
  const shownBox = (completion) => [...completion.querySelectorAll(".rich, .plain")].find((box) => box.getClientRects().length > 0);
  const clearDifferences = () => {
    for (const [box, original] of untouched) box.replaceWith(original);
    untouched = [];
    document.querySelector("[data-action=differences]")?.setAttribute("aria-pressed", "false");
  };
  const differences = (button) => {
    if (untouched.length > 0) { clearDifferences(); return; }
    const boxes = [...document.querySelectorAll(".completion")].map(shownBox);
    if (boxes.length !== 2 || boxes.includes(undefined)) return;
    const [first, second] = boxes.map(words);
    if (first.length * second.length > CELLS) { say(desk.dataset.sayLong); return; }
    untouched = boxes.map((box) => [box, box.cloneNode(true)]);
    markSame(first, second);
    const different = [...first, ...second].filter((entry) => !entry.same).length;
    if (different === 0) { untouched = []; say(desk.dataset.saySame); return; }
    drawMarks(first);
    drawMarks(second);
    button.setAttribute("aria-pressed", "true");
  };

  const openTurns = () => {
    const turns = document.querySelector(".earlier");
    if (turns) turns.open = !turns.open;
  };

  const actions = {
    differences,
    turns: openTurns,
    larger: () => resize(1),
    smaller: () => resize(-1),
    jump: (button) => {
      const places = [...document.querySelectorAll(".completion")];
      const next = places[(places.indexOf(document.activeElement.closest(".completion")) + 1) % places.length];
      (button.dataset.to && places.length > 2 ? document.getElementById(button.dataset.to) : next)?.focus();
    },
    keys: () => document.querySelector("#keys").showModal(),
    meanings: () => document.querySelector("#meanings-dialog").showModal(),
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-action]");
    if (button && actions[button.dataset.action]) actions[button.dataset.action](button);
  });

  document.addEventListener("change", (event) => {
    if (event.target.id !== "plain-view") return;
    clearDifferences();
    store("labelhub.plain", event.target.checked ? "on" : "off");
  });

  /* Guidelines open over the item; closing returns the focus to where it was. */
  document.addEventListener("htmx:afterSwap", (event) => {
    const dialog = document.querySelector("#guidelines-dialog");
    if (dialog?.querySelector("article") && event.target.closest?.("#guidelines-dialog") && !dialog.open) dialog.showModal();
  });

  /* What a word means, beside it, for whoever points at it or tabs to it. */
  const define = (event) => {
    const line = document.querySelector("[data-definition]");
    const control = event.target.closest?.(".answer-harm label")?.querySelector("[aria-describedby]");
    if (line && control) line.textContent = document.getElementById(control.getAttribute("aria-describedby"))?.textContent ?? "";
  };
  document.addEventListener("focusin", define);
  document.addEventListener("pointerover", define);

  const prepare = () => {
    untouched = [];
    for (const button of document.querySelectorAll("[data-action][hidden]")) button.hidden = false;
    const plain = document.querySelector("#plain-view");
    if (plain) plain.checked = stored("labelhub.plain") === "on";
  };
  document.addEventListener("labelhub:shown", prepare);
  showSize();
  prepare();
})();
