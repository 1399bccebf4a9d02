#include "services/cli/map/turf_html.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"
#include "services/cli/map/figures.h"
#include "services/cli/map/page.h"
#include "services/cli/map/sheet.h"
#include "services/cli/map/turf_svg.h"

namespace snowfield::cli {
namespace {

using Json = nlohmann::ordered_json;

// Steps from point to point: a third of the bytes of the points themselves.
template <typename Range, typename PlaceOf>
Json Steps(const Range& range, PlaceOf place_of) {
  Json steps = Json::array();
  SheetPoint last;
  for (const auto& item : range) {
    const SheetPoint place = place_of(item);
    steps.push_back(place.x - last.x);
    steps.push_back(place.y - last.y);
    last = place;
  }
  return steps;
}

double Rounded(double value, double per_unit) { return std::round(value * per_unit) / per_unit; }

Json TurfData(const turf::v1::Turf& turf, const SheetTurf& drawn) {
  const turf::v1::TurfMetrics& metrics = turf.metrics();
  Json data = {{"n", turf.number()},
               {"r", turf.region_number()},
               {"doors", metrics.doors()},
               {"len", std::round(metrics.walk_length_m())},
               {"per", Rounded(metrics.walk_per_door_m(), 10)},
               {"cross", metrics.street_crossings()},
               {"min", std::round(metrics.minutes())},
               {"pp", Rounded(metrics.polsby_popper(), 100)},
               {"box", {drawn.low.x, drawn.low.y, drawn.high.x, drawn.high.y}},
               {"mid", {drawn.label.x, drawn.label.y}}};
  if (!turf.list_number().empty()) {
    data["list"] = turf.list_number();
    data["leader"] = turf.leader_id();
  }
  if (!metrics.reason().empty()) data["why"] = metrics.reason();
  data["walk"] = Steps(drawn.walk, [](const SheetPoint& point) { return point; });
  data["at"] = Steps(drawn.places, [](const SheetDoors& place) { return place.place; });
  std::string names;
  Json many = Json::object();
  for (size_t i = 0; i < drawn.places.size(); ++i) {
    absl::StrAppend(&names, i == 0 ? "" : "\n", absl::StrReplaceAll(drawn.places[i].house_number, {{"\n", " "}}));
    if (drawn.places[i].doors > 1) many[std::to_string(i)] = drawn.places[i].doors;
  }
  data["names"] = names;
  if (!many.empty()) data["many"] = many;
  return data;
}

std::string Data(const TurfMap& map, const Sheet& sheet) {
  Json turfs = Json::array();
  for (size_t i = 0; i < sheet.turfs.size(); ++i) {
    turfs.push_back(TurfData(map.turfs[i].turf(), sheet.turfs[i]));
    if (map.knocked.empty()) continue;
    turfs.back()["knocked"] = Rounded(map.knocked[i], 1000);
    turfs.back()["color"] = SheetColor(sheet.turfs[i].hue, sheet.turfs[i].shade);
  }
  const Json data = {{"width", sheet.width}, {"height", sheet.height}, {"turfs", std::move(turfs)}};
  // "<" could end the script element that holds the data.
  return absl::StrReplaceAll(data.dump(-1, ' ', false, Json::error_handler_t::replace), {{"<", "\\u003c"}});
}

std::string Report(const turf::v1::CutReport& report) {
  std::string html = "<h2>How good it is</h2><dl class=\"figures\">";
  for (const Figure& figure : FiguresOf(report)) {
    absl::StrAppend(&html, "<div", figure.good ? "" : " class=\"look\"", "><dt>", figure.quality, "</dt><dd>",
                    EscapeMarkup(figure.value), "<small>", EscapeMarkup(figure.detail), "</small></dd></div>");
  }
  html += "</dl>";
  const std::vector<std::string> problems = ProblemCounts(report);
  if (problems.empty()) return html;
  html += "<h2>Noted by the cutter</h2><ul class=\"problems\">";
  for (const std::string& problem : problems) absl::StrAppend(&html, "<li>", EscapeMarkup(problem), "</li>");
  return html + "</ul>";
}

constexpr char kLegend[] = R"html(<h2>What is drawn</h2><div class="legend">
<label><input type="checkbox" value="r" checked><svg width="26" height="14"><path d="M2 7h22" stroke="#39424d" stroke-width="2.5"/></svg>Regions: one leader's turfs</label>
<label><input type="checkbox" value="w" checked><svg width="26" height="14"><path d="M7 7h17" stroke="#1f2937" stroke-width="1.6" opacity=".7"/><circle cx="7" cy="7" r="4.5" fill="#fff" stroke="#0b7a4b" stroke-width="3"/></svg>Walks, from the ring on</label>
<label><input type="checkbox" value="d" checked><svg width="26" height="14"><path d="M5 7h0m8 0h0m8 0h0" stroke="#111827" stroke-width="5" stroke-linecap="round"/></svg>Doors, when near</label>
<label><input type="checkbox" value="n" checked><svg width="26" height="14"><text x="13" y="12" font-size="12" font-weight="700" text-anchor="middle">27</text></svg>Turf numbers, when near</label>
</div><h2>Colours</h2><select id="color" aria-label="Colours">)html";
constexpr char kColorOfCoverage[] = R"html(<option value="knocked">Doors knocked on: green</option>)html";
constexpr char kColors[] =
    R"html(<option value="region">Regions, turfs in shades</option><option value="per">Metres a door: blue is short</option><option value="doors">Doors: blue is few</option><option value="list">Assigned: green</option></select>)html";

std::string Side(const TurfMap& map) {
  return absl::StrCat("<aside><h1>Cut ", map.cut.cut_id(), ", pass ", EscapeMarkup(map.cut.pass_name()),
                      "</h1><p class=\"sub\">", StateName(map.cut.state()), "; ", TargetOf(map.cut),
                      map.cut.keep_boundary_kind().empty()
                          ? ""
                          : absl::StrCat("; each turf inside one ", EscapeMarkup(map.cut.keep_boundary_kind())),
                      "</p><input id=\"find\" type=\"search\" placeholder=\"Turf or list number, then Enter\" "
                      "aria-label=\"Turf or list number\"><h2>Turf</h2><div id=\"card\"></div>",
                      Report(map.cut.report()), kLegend, map.knocked.empty() ? "" : kColorOfCoverage, kColors,
                      "</aside>");
}

}  // namespace

absl::StatusOr<std::string> WriteTurfHtml(const TurfMap& map) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Sheet sheet, LayOut(map));
  return absl::StrCat(
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><title>Turf map, cut ",
      map.cut.cut_id(), "</title><style>", kPageStyle, "</style></head><body>", Side(map),
      "<main tabindex=\"0\" aria-label=\"Map of turfs\"><svg><g id=\"world\">", AreasOf(sheet),
      "<g id=\"near\"></g></g><g id=\"far\"></g></svg><div id=\"tip\"></div><div class=\"zoom\"><button id=\"in\" "
      "title=\"Closer\">+</button><button id=\"out\" title=\"Further\">−</button><button id=\"all\" title=\"All of "
      "it\">⤢</button></div><div class=\"scale\"><span></span><i></i></div></main><script type=\"application/json\" "
      "id=\"data\">",
      Data(map, sheet), "</script><script>", kPageScript, "</script></body></html>\n");
}

}  // namespace snowfield::cli
