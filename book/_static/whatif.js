// Lets readers move the numbers of a claim. Sums come as trees, what counts as the stated number as
// bands, and verdicts as tables: all of it from Python, so that no rule is written here again.
// Arithmetic is in fractions, or a tie such as 96.35 would fall to one side. Without this file, or
// where it fails, the block stays hidden.
(() => {
  "use strict";
  const library = new URL("fraction.min.js", document.currentScript.src).href;

  // Numbers

  const fraction = (text) => {
    const [above, below = "1"] = text.split("/");
    return new Fraction(BigInt(above), BigInt(below));
  };

  const power = (exponent) => new Fraction(10).pow(exponent);

  // A number as a field has it; null for what is none. Its decimals are those that were written.
  const read = (text) => {
    const found = /^(-?)(\d*)\.?(\d*)(?:e([-+]?\d{1,2}))?$/i.exec(text.trim());
    if (!found || !(found[2] || found[3])) return null;
    const [, sign, whole, rest, exponent = "0"] = found;
    const value = new Fraction(BigInt(whole + rest)).mul(power(Number(exponent) - rest.length));
    return { value: sign ? value.neg() : value, decimals: Math.max(0, rest.length - Number(exponent)) };
  };

  // Floats are judged at 12 significant digits.
  const judged = (number) => {
    if (number.n === 0n) return number;
    let exponent = String(number.n).length - String(number.d).length;
    if (number.abs().compare(power(exponent)) < 0) exponent -= 1;
    const scale = power(11 - exponent);
    return number.mul(scale).round().div(scale);
  };

  // With so many decimals, halves away from zero; zeros at the end go if the number is exact.
  const written = (number, digits, strip, [group, point]) => {
    const scaled = number.abs().mul(power(digits));
    const whole = scaled.add(new Fraction(1, 2)).floor();
    const text = String(whole.n).padStart(digits + 1, "0");
    const front = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, group);
    let decimals = text.slice(text.length - digits);
    if (strip && scaled.equals(whole)) decimals = decimals.replace(/0+$/, "");
    const sign = number.compare(0) < 0 && whole.n ? "−" : "";
    return sign + front + (decimals && point + decimals);
  };

  // Trees

  const WAYS = {
    "+": (a, b) => a.add(b), "-": (a, b) => a.sub(b),
    "*": (a, b) => a.mul(b), "/": (a, b) => a.div(b), "**": (a, b) => a.pow(b),
    neg: (a) => a.neg(), abs: (a) => a.abs(),
    "<": (a, b) => a.compare(b) < 0, "<=": (a, b) => a.compare(b) <= 0,
    ">": (a, b) => a.compare(b) > 0, ">=": (a, b) => a.compare(b) >= 0, "==": (a, b) => a.equals(b),
  };

  const evaluate = (tree, valueOf) => {
    if ("ref" in tree) return valueOf(tree.ref);
    if ("number" in tree) return fraction(tree.number);
    if ("answer" in tree) return tree.answer;
    if ("factor" in tree) return fraction(tree.factor).mul(evaluate(tree.of, valueOf));
    if ("if" in tree) return evaluate(evaluate(tree.if, valueOf) ? tree.then : tree.else, valueOf);
    return WAYS[tree.do](...tree.of.map((item) => evaluate(item, valueOf)));
  };

  // The values of a claim's readings for given values of its inputs, each computed once.
  const valuesAt = (trees, inputs) => {
    const known = new Map(inputs);
    const valueOf = (name) => {
      if (!known.has(name)) known.set(name, evaluate(trees.get(name)[0], valueOf));
      return known.get(name);
    };
    return valueOf;
  };

  // What an entry comes to over the ranges of its inputs: ends, or for yes and no the answers.
  const recompute = (entry, trees, inputs) => {
    const found = { low: null, high: null, answers: new Set(), wide: false };
    for (const point of entry.points) {
      const moved = new Map(inputs);
      for (const [name, offset] of point) moved.set(name, moved.get(name).add(fraction(offset)));
      const valueOf = valuesAt(trees, moved);
      const ends = trees.get(entry.id).map((tree) => evaluate(tree, valueOf));
      if (typeof ends[0] === "boolean") found.answers.add(ends[0]);
      else for (const exact of ends) {
        const end = entry.floating ? judged(exact) : exact;
        found.wide ||= !exact.equals(ends[0]);
        if (!found.low || end.compare(found.low) < 0) found.low = end;
        if (!found.high || end.compare(found.high) > 0) found.high = end;
      }
    }
    return found;
  };

  // Where it stands, as a letter of the tables of verdicts

  const isBelow = (number, { low, low_open: open }) =>
    low && (number.compare(low) < 0 || (open && number.equals(low)));
  const isAbove = (number, { high, high_open: open }) =>
    high && (number.compare(high) > 0 || (open && number.equals(high)));

  const standing = (entry, { accepted, near, agrees }, { low, high, answers, wide }) => {
    if (!low) {
      if (answers.size > 1) return "?";
      return answers.has(entry.role === "check" || agrees) ? "+" : "-";
    }
    const inside = (end) => !isBelow(end, accepted) && !isAbove(end, accepted);
    if (inside(low) && inside(high)) return "+";
    if (!isBelow(high, accepted) && !isAbove(low, accepted)) return entry.rounded && !wide ? "+" : "?";
    const signed = (end) => end.compare(0) * near.sign > 0;
    return near && !isBelow(high, near) && !isAbove(low, near) && signed(low) && signed(high) ? "~" : "-";
  };

  const FAILED = "!"; // where there is no number, as after a division by zero

  const attempt = (compute, otherwise) => {
    try {
      return compute();
    } catch {
      return otherwise;
    }
  };

  const put = (element, text) => {
    if (element && element.textContent !== text) element.textContent = text;
  };

  const start = (root) => {
    const json = (name) => JSON.parse(root.querySelector(name).textContent);
    const data = json(".cb-whatif-data");
    const words = json(".cb-whatif-words");
    const language = root.lang;
    const { to, answers, separators } = data.words[language];
    const trees = new Map(data.trees.map(({ id, trees: own }) => [id, own]));
    const numbers = new Map(data.numbers.map((number) => [number.id, number]));
    const inputs = new Map(data.inputs.map((input) => [input.id, input]));
    const within = (name, id) => [...root.querySelectorAll(`[data-${name}]`)].find((one) => one.dataset[name] === id);
    const exact = (band) =>
      band && { ...band, low: band.low && fraction(band.low), high: band.high && fraction(band.high) };
    const parts = data.parts.map((part) => ({ ...part, accepted: exact(part.accepted), near: exact(part.near) }));
    const values = new Map(); // by id: value and decimals of what the field has

    const resultText = (entry, letter, found) => {
      if (letter === FAILED) return root.dataset.impossible;
      if (entry.role === "check") return words.checks[letter];
      if (!found.low) return answers[found.answers.size > 1 ? "both" : [...found.answers][0]];
      const { digits, unit } = numbers.get(entry.id);
      const [low, high] = [found.low, found.high].map((end) => written(end, digits, true, separators));
      return (low === high ? low : low + to + high) + unit[language];
    };

    const termText = (name, valueOf) => {
      const input = inputs.get(name);
      if (!input) return written(valueOf(name), numbers.get(name).digits, true, separators);
      const { value, decimals } = values.get(name);
      return written(value, Math.max(read(input.value).decimals, decimals), false, separators);
    };

    const showBadge = (badge, word) => {
      if (!badge) return;
      const view = words.verdicts[word] ?? { slug: "none", icon: "", [language]: word };
      badge.className = `cb-badge cb-badge--${view.slug}`;
      put(badge.querySelector(".cb-icon"), view.icon);
      put(badge.querySelector(".cb-word"), view[language]);
    };

    const showRow = (entry, letter, found, valueOf) => {
      const row = within("entry", entry.id);
      const view = words.outcomes[letter] ?? { slug: "context", icon: "–", word: "" };
      row.hidden = entry.role === "check" && letter === "+"; // what passes is nothing to report
      row.querySelector(".cb-mark-of").className = `cb-mark-of cb-outcome--${view.slug}`;
      put(row.querySelector(".cb-icon"), view.icon);
      put(row.querySelector(".cb-word"), view.word);
      put(row.querySelector("output"), resultText(entry, letter, found));
      for (const term of row.querySelectorAll("[data-ref]")) {
        const name = term.dataset.ref;
        if (inputs.has(name) || trees.has(name)) put(term, attempt(() => termText(name, valueOf), "–"));
      }
    };

    const update = () => {
      const stated = new Map([...values].map(([name, { value }]) => [name, value]));
      const valueOf = valuesAt(trees, stated);
      const entries = [];
      const verdicts = parts.map((part) => {
        const letters = { reading: [], proxy: [], check: [] };
        for (const entry of part.entries) {
          const found = entry.fixed ? null : attempt(() => recompute(entry, trees, stated), null);
          const letter = entry.fixed || (found ? standing(entry, part, found) : FAILED);
          letters[entry.role].push(letter);
          if (entry.fixed) continue;
          showRow(entry, letter, found, valueOf);
          const [low, high] = [found?.low, found?.high].map((end) => end?.valueOf());
          entries.push({ part: part.id, id: entry.id, outcome: words.outcomes[letter]?.word, low, high });
        }
        const key = Object.values(letters).map((own) => own.sort().join("")).join("|");
        const verdict = part.verdicts ? (part.verdicts[key] ?? root.dataset.impossible) : root.dataset.unlisted;
        showBadge(within("part", part.id)?.querySelector(".cb-badge"), verdict);
        return verdict;
      });
      const unknown = verdicts.find((verdict) => !(verdict in words.verdicts));
      const verdict = unknown ?? data.verdicts?.[verdicts.join("|")] ?? root.dataset.unlisted;
      showBadge(root.querySelector(".cb-whatif-verdict .cb-badge"), verdict);
      // For whoever draws the same numbers elsewhere on the page.
      root.dispatchEvent(
        new CustomEvent("claimbook:moved", { bubbles: true, detail: { claim: data.claim, verdict, entries } }),
      );
    };

    const resets = [...root.querySelectorAll(".cb-move")].map((move) => {
      const input = inputs.get(move.dataset.input);
      const fields = [...move.querySelectorAll("input")];
      const take = (text) => {
        const found = read(text);
        fields[0].setAttribute("aria-invalid", String(!found));
        if (found) values.set(input.id, found);
        return found;
      };
      for (const [field, other] of [fields, [fields[1], fields[0]]]) {
        field.addEventListener("input", () => {
          if (!take(field.value)) return;
          other.value = field.value;
          update();
        });
      }
      return () => {
        for (const field of fields) field.value = input.value;
        take(input.value);
      };
    });
    const reset = () => {
      resets.forEach((one) => one());
      update();
    };
    root.querySelector(".cb-reset").addEventListener("click", reset);
    reset();
    root.hidden = false;
  };

  document.addEventListener("DOMContentLoaded", () => {
    const blocks = [...document.querySelectorAll(".cb-whatif")];
    if (!blocks.length) return;
    const script = document.createElement("script");
    script.src = library;
    script.onload = () => blocks.forEach(start);
    document.head.append(script);
  });
})();
