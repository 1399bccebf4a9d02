#include "services/cli/map/turf_svg.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "services/cli/map/figures.h"

namespace snowfield::cli {
namespace {

// The picture, in pixels: the map's longer side, and the band above it for title and figures.
constexpr double kMapSide = 1600;
constexpr double kBand = 132;
constexpr double kFoot = 44;
constexpr double kWidthMin = 1080;

constexpr char kStyle[] =
    "text{font-family:'Inter','Helvetica Neue','DejaVu Sans',Arial,sans-serif;fill:#22282f}"
    ".t{stroke:#fff;stroke-linejoin:round}"
    ".r{fill:none;stroke:#39424d;stroke-linejoin:round;stroke-linecap:round}"
    ".w{fill:none;stroke:#1f2937;stroke-linejoin:round;stroke-linecap:round;opacity:.6}"
    ".d{fill:none;stroke:#111827;stroke-linecap:round}"
    ".s{fill:#fff;stroke:#0b7a4b}"
    ".n{font-weight:700;text-anchor:middle;dominant-baseline:central;paint-order:stroke;stroke:#fff;"
    "stroke-linejoin:round}"
    ".h{font-size:26px;font-weight:700}.q{font-size:13px;font-weight:700;fill:#5b6673}"
    ".v{font-size:16px;font-weight:600}.m{font-size:13px;fill:#5b6673}";

struct Picture {
  double width, map_width, map_height, scale;  // scale: pixels a sheet unit
};

Picture PictureOf(const Sheet& sheet) {
  const double scale = kMapSide / std::max(sheet.width, sheet.height);
  const double map_width = sheet.width * scale;
  return {.width = std::max(map_width, kWidthMin),
          .map_width = map_width,
          .map_height = sheet.height * scale,
          .scale = scale};
}

// One path of dots: a step of no length with round ends.
std::string DotsOf(const SheetTurf& turf) {
  std::string path;
  for (const SheetDoors& place : turf.places) absl::StrAppend(&path, "M", place.place.x, " ", place.place.y, "h0");
  return path;
}

std::string WalksOf(const Sheet& sheet, double pixel) {
  // Thin when the whole city is seen, and as wide as a footpath when one looks close.
  std::string svg = absl::StrFormat("<g class=\"w\" stroke-width=\"%.2f\">", std::clamp(1.3 * pixel, 8.0, 26.0));
  for (const SheetTurf& turf : sheet.turfs) absl::StrAppend(&svg, "<path d=\"", PathOf(turf.walk, false), "\"/>");
  absl::StrAppendFormat(&svg, "</g><g class=\"d\" stroke-width=\"%.2f\">", std::clamp(3.2 * pixel, 30.0, 60.0));
  for (const SheetTurf& turf : sheet.turfs) absl::StrAppend(&svg, "<path d=\"", DotsOf(turf), "\"/>");
  const double radius = std::clamp(4.2 * pixel, 45.0, 110.0);
  absl::StrAppendFormat(&svg, "</g><g class=\"s\" stroke-width=\"%.2f\">", radius * 0.55);
  for (const SheetTurf& turf : sheet.turfs) {
    if (turf.walk.empty()) continue;
    absl::StrAppendFormat(&svg, "<circle cx=\"%d\" cy=\"%d\" r=\"%.1f\"/>", turf.walk[0].x, turf.walk[0].y, radius);
  }
  return svg + "</g>";
}

// A number as large as its turf has room for.
std::string NumbersOf(const TurfMap& map, const Sheet& sheet) {
  std::string svg = "<g class=\"n\">";
  for (size_t i = 0; i < sheet.turfs.size(); ++i) {
    const SheetTurf& turf = sheet.turfs[i];
    const double room = std::min(turf.high.x - turf.low.x, turf.high.y - turf.low.y);
    // With its share behind it a number is three times as wide.
    const double size = std::clamp(room * 0.2, 60.0, 600.0) * (map.knocked.empty() ? 1 : 0.5);
    absl::StrAppendFormat(&svg, "<text x=\"%d\" y=\"%d\" font-size=\"%.0f\" stroke-width=\"%.0f\">%d%s</text>",
                          turf.label.x, turf.label.y, size, size * 0.22, map.turfs[i].turf().number(),
                          map.knocked.empty() ? "" : absl::StrFormat(": %.0f %%", 100 * map.knocked[i]));
  }
  return svg + "</g>";
}

std::string BandOf(const TurfMap& map, const Picture& picture) {
  std::string svg = absl::StrFormat(
      "<text class=\"h\" x=\"24\" y=\"42\">Cut %d, pass %s</text><text class=\"m\" x=\"24\" y=\"64\">%s; %s; "
      "%s</text>",
      map.cut.cut_id(), EscapeMarkup(map.cut.pass_name()), StateName(map.cut.state()), TargetOf(map.cut),
      map.knocked.empty() ? "white rings mark where a walk starts"
                          : "the greener, the more of a turf's doors were knocked on");
  const std::vector<Figure> figures = FiguresOf(map.cut.report());
  // Each column is as wide as its longer text asks for.
  const auto letters = [](const Figure& figure) {
    return static_cast<double>(std::max(figure.value.size(), figure.detail.size()) + 3);
  };
  double all_letters = 0;
  for (const Figure& figure : figures) all_letters += letters(figure);
  double x = 24;
  for (size_t i = 0; i < figures.size(); ++i) {
    if (i > 0) x += (picture.width - 48) * letters(figures[i - 1]) / all_letters;
    absl::StrAppendFormat(&svg,
                          "<text class=\"q\" x=\"%.0f\" y=\"92\"%s>%s</text><text x=\"%.0f\" y=\"110\" "
                          "font-size=\"13\">%s</text><text class=\"m\" x=\"%.0f\" y=\"126\" "
                          "style=\"font-size:10.5px\">%s</text>",
                          x, figures[i].good ? "" : " style=\"fill:#b4441c\"", figures[i].quality, x,
                          EscapeMarkup(figures[i].value), x, EscapeMarkup(figures[i].detail));
  }
  return svg;
}

std::string FootOf(const Picture& picture) {
  const double metres = ScaleBarM(picture.map_width / picture.scale / kSheetUnitsPerM);
  const double length = metres * kSheetUnitsPerM * picture.scale;
  const double y = kBand + picture.map_height + 26;
  const std::string label = metres >= 1000 ? absl::StrCat(metres / 1000, " km") : absl::StrCat(metres, " m");
  return absl::StrFormat(
      "<path d=\"M24 %.0fv6h%.1fv-6\" fill=\"none\" stroke=\"#22282f\" stroke-width=\"1.5\"/>"
      "<text class=\"m\" x=\"%.1f\" y=\"%.0f\">%s</text>"
      "<text class=\"m\" x=\"%.1f\" y=\"%.0f\" text-anchor=\"end\">North is up</text>",
      y, length, 24 + length + 10, y + 7, label, picture.width - 24, y + 7);
}

}  // namespace

double ScaleBarM(double width_m) {
  const double wanted = std::max(width_m / 5, 1.0);
  const double power = std::pow(10, std::floor(std::log10(wanted)));
  for (const double step : {5.0, 2.0}) {
    if (step * power <= wanted) return step * power;
  }
  return power;
}

std::string AreasOf(const Sheet& sheet) {
  std::string svg = "<g id=\"turfs\">";
  for (size_t i = 0; i < sheet.turfs.size(); ++i) {
    std::string path;
    for (const SheetLine& ring : sheet.turfs[i].rings) path += PathOf(ring, true);
    absl::StrAppend(&svg, "<path class=\"t\" data-i=\"", i, "\" fill=\"", sheet.turfs[i].fill, "\" d=\"", path, "\"/>");
  }
  absl::StrAppend(&svg, "</g><path id=\"regions\" class=\"r\" d=\"");
  for (const SheetLine& line : sheet.outlines) svg += PathOf(line, false);
  return svg + "\"/>";
}

absl::StatusOr<std::string> WriteTurfSvg(const TurfMap& map) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Sheet sheet, LayOut(map));
  const Picture picture = PictureOf(sheet);
  const double pixel = 1 / picture.scale;
  std::string svg = absl::StrFormat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\">"
      "<style>%s.t{stroke-width:%.1f}.r{stroke-width:%.1f}</style>"
      "<rect width=\"100%%\" height=\"100%%\" fill=\"#f7f5f0\"/>",
      picture.width, picture.map_height + kBand + kFoot, picture.width, picture.map_height + kBand + kFoot, kStyle,
      std::min(0.7 * pixel, 40.0), std::min(1.6 * pixel, 140.0));
  absl::StrAppendFormat(&svg, "<g transform=\"translate(%.2f %.0f) scale(%.8f)\">",
                        (picture.width - picture.map_width) / 2, kBand, picture.scale);
  absl::StrAppend(&svg, AreasOf(sheet), WalksOf(sheet, pixel), NumbersOf(map, sheet), "</g>", BandOf(map, picture),
                  FootOf(picture), "</svg>\n");
  return svg;
}

}  // namespace snowfield::cli
