// Draws each chart in place of its static picture. Without this file, or if drawing fails, the
// picture stays. Everything comes from this site: the drawing code lies beside this file.
(() => {
  "use strict";
  const runtime = new URL("vega.js", document.currentScript.src).href;
  let loading;

  const load = () =>
    (loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = runtime;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`cannot load ${runtime}`));
      document.head.append(script);
    }));

  // Texts are measured before they are drawn, so their font has to be there first.
  const fonts = () =>
    Promise.allSettled([400, 600].map((weight) => document.fonts.load(`${weight} 12px "Claimbook Sans"`)));

  const isDark = () => document.documentElement.dataset.theme === "dark";

  // The charts' colours, which are made for white paper, and what stands for them on black.
  const DARK = {
    "#1d2329": "#e6e8ea",
    "#535b63": "#a9b1b9",
    "#dfe3e7": "#3a4249",
    "#0072b2": "#5cb0ea",
    "#d55e00": "#ff8f4a",
    "#9b5fa5": "#cf9bd8",
    "#009e73": "#3ecfa0",
    "#e69f00": "#f0b73d",
    "#56b4e9": "#56b4e9",
    "#767b80": "#9aa2a9",
  };
  const darkened = (text) => text.replace(/#[0-9a-f]{6}\b/gi, (hex) => DARK[hex.toLowerCase()] ?? hex);

  const COMPOSED = ["hconcat", "vconcat", "concat", "facet", "repeat", "spec"];

  // Titles do not wrap by themselves; a letter takes about this share of the type size.
  const LETTER = 0.56;
  const wrapped = (text, size, width) => {
    const room = Math.max(12, Math.floor(width / (size * LETTER)));
    return [text]
      .flat()
      .join(" ")
      .split(" ")
      .reduce(([line, ...rest], word) => {
        const longer = line ? `${line} ${word}` : word;
        return longer.length <= room ? [longer, ...rest] : [word, line, ...rest];
      }, [""])
      .reverse();
  };
  const wrapTitles = (spec, width) => {
    const { title, config } = spec;
    if (title?.text) title.text = wrapped(title.text, config.title.fontSize, width);
    if (title?.subtitle) title.subtitle = wrapped(title.subtitle, config.title.subtitleFontSize, width);
    for (const part of [spec, ...(spec.layer ?? [])]) {
      const axis = part.encoding?.x;
      if (typeof axis?.title === "string") axis.title = wrapped(axis.title, config.axis.titleFontSize, width - 60);
    }
  };

  const prepared = (text, width) => {
    const spec = { ...JSON.parse(isDark() ? darkened(text) : text), background: "transparent" };
    wrapTitles(spec, width);
    if (!COMPOSED.some((key) => key in spec) && !spec.encoding?.row && !spec.encoding?.column) {
      spec.width = width;
      spec.autosize = { type: "fit-x", contains: "padding" };
    }
    return spec;
  };

  // Every field of a tooltip is a row of text, whatever its name: the bundled code would load a
  // field called "image" as a picture, from wherever it says.
  const tooltip = {
    formatTooltip: (shown, escaped) => {
      if (typeof shown !== "object" || shown === null) return escaped(shown);
      const rows = Object.entries(shown).map(
        ([key, value]) => `<tr><td class="key">${escaped(key)}</td><td class="value">${escaped(value)}</td></tr>`,
      );
      return `<table>${rows.join("")}</table>`;
    },
  };

  const draw = async (plot) => {
    const live = plot.querySelector(".cb-live");
    const picture = plot.querySelector(".cb-static");
    const width = Math.floor(plot.clientWidth);
    if (!width) return;
    const text = plot.querySelector(".cb-spec").textContent;
    plot.cbWidth = width;
    try {
      await Promise.all([load(), fonts()]);
      const stage = document.createElement("div");
      const result = await window.vegaEmbed(stage, prepared(text, width), {
        ast: true,
        renderer: "svg",
        actions: false,
        tooltip,
      });
      plot.cbView?.finalize();
      plot.cbView = result;
      live.replaceChildren(stage);
      live.hidden = false;
      if (picture) picture.hidden = true;
    } catch (error) {
      console.error("chart not drawn, the picture stays:", error);
      live.hidden = true;
      if (picture) picture.hidden = false;
    }
  };

  const start = () => {
    const plots = [...document.querySelectorAll(".cb-plot")].filter((p) => p.querySelector(".cb-spec"));
    if (!plots.length) return;
    const near = new IntersectionObserver(
      (seen) => {
        for (const { target } of seen.filter((entry) => entry.isIntersecting)) {
          near.unobserve(target);
          draw(target);
        }
      },
      { rootMargin: "600px" },
    );
    const drawn = () => plots.filter((plot) => plot.cbWidth);
    plots.forEach((plot) => near.observe(plot));
    new MutationObserver(() => drawn().forEach(draw)).observe(document.documentElement, {
      attributes: true,
      attributeFilter: ["data-theme"],
    });
    let waiting;
    window.addEventListener("resize", () => {
      clearTimeout(waiting);
      waiting = setTimeout(
        () => drawn().filter((plot) => plot.clientWidth !== plot.cbWidth).forEach(draw),
        150,
      );
    });
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
