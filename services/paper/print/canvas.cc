#include "services/paper/print/canvas.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/status.h"

namespace snowfield::paper {
namespace {
constexpr double kPointsPerMillimetre = 72.0 / 25.4;
constexpr char kFontFamily[] = "DejaVu Sans, Noto Sans, sans-serif";
constexpr int kQuietModules = 4;

using Layout = std::unique_ptr<PangoLayout, void (*)(gpointer)>;
using Code = std::unique_ptr<QRcode, void (*)(QRcode*)>;

absl::StatusOr<Code> CodeOf(const std::string& text) {
  Code code(QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), QRcode_free);
  if (code == nullptr) return absl::InternalError("the text of a bar code does not fit");
  return code;
}

cairo_status_t Append(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

Layout LayoutOf(cairo_t* cairo, const std::string& text, double size, bool bold) {
  Layout layout(pango_cairo_create_layout(cairo), g_object_unref);
  // Else letters of a few units stand at whole units.
  pango_context_set_round_glyph_positions(pango_layout_get_context(layout.get()), FALSE);
  PangoFontDescription* font = pango_font_description_new();
  pango_font_description_set_family_static(font, kFontFamily);
  pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
  pango_layout_set_font_description(layout.get(), font);
  pango_font_description_free(font);
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  return layout;
}

// Letters keep their widths whatever the device: a PDF is looked at in many sizes.
void UseExactWidths(cairo_t* cairo) {
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_set_font_options(cairo, options);
  cairo_font_options_destroy(options);
}

void DrawText(cairo_t* cairo, const Box& box, const std::string& text, double size, bool bold, Align align,
              double darkness) {
  if (text.empty()) return;
  const Layout layout = LayoutOf(cairo, text, size, bold);
  pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
  pango_layout_set_width(layout.get(), static_cast<int>(box.width * PANGO_SCALE));
  pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  // Left means left: a name that is read from the right stands in its column all the same.
  pango_layout_set_auto_dir(layout.get(), TRUE);
  const bool from_the_right = pango_layout_get_direction(layout.get(), 0) == PANGO_DIRECTION_RTL;
  const PangoAlignment left = from_the_right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
  const PangoAlignment right = from_the_right ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT;
  pango_layout_set_alignment(layout.get(), align == Align::kLeft    ? left
                                           : align == Align::kRight ? right
                                                                    : PANGO_ALIGN_CENTER);
  int height = 0;
  pango_layout_get_size(layout.get(), nullptr, &height);
  cairo_set_source_rgb(cairo, 1 - darkness, 1 - darkness, 1 - darkness);
  cairo_move_to(cairo, box.x, box.y + (box.height - static_cast<double>(height) / PANGO_SCALE) / 2);
  pango_cairo_show_layout(cairo, layout.get());
}

// With round ends, smaller by `inset` on all sides.
void BubblePath(cairo_t* cairo, const Box& box, double inset) {
  const double radius = box.height / 2;
  cairo_new_path(cairo);
  cairo_arc(cairo, box.x + radius, box.y + radius, radius - inset, std::numbers::pi / 2, 3 * std::numbers::pi / 2);
  cairo_arc(cairo, box.x + box.width - radius, box.y + radius, radius - inset, -std::numbers::pi / 2,
            std::numbers::pi / 2);
  cairo_close_path(cairo);
}

}  // namespace

double DarknessOfText(const Box& bubble, const std::string& text, double size, double darkness, double edge) {
  constexpr double kPixelsPerMm = 20;
  const int width = static_cast<int>(bubble.width * kPixelsPerMm),
            height = static_cast<int>(bubble.height * kPixelsPerMm);
  // White on black, so that what lies outside of the inside is left at 0: once the text alone, once all of the inside.
  const auto sum_of = [&](bool all) {
    cairo_surface_t* surface = cairo_image_surface_create(CAIRO_FORMAT_A8, width, height);
    cairo_t* cairo = cairo_create(surface);
    cairo_scale(cairo, kPixelsPerMm, kPixelsPerMm);
    UseExactWidths(cairo);
    BubblePath(cairo, bubble, edge);
    if (all) {
      cairo_fill(cairo);
    } else {
      cairo_clip(cairo);
      DrawText(cairo, bubble, text, size, /*bold=*/false, Align::kMiddle, 1);
    }
    cairo_surface_flush(surface);
    double sum = 0;
    for (int y = 0; y < height; ++y) {
      const unsigned char* line =
          cairo_image_surface_get_data(surface) + static_cast<ptrdiff_t>(y) * cairo_image_surface_get_stride(surface);
      for (int x = 0; x < width; ++x) sum += line[x];
    }
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    return sum;
  };
  const double inside = sum_of(/*all=*/true);
  return inside == 0 ? 0 : darkness * sum_of(/*all=*/false) / inside;
}

absl::StatusOr<Box> ModulesOf(const Box& box, const std::string& text) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Code code, CodeOf(text));
  const double quiet = box.width * kQuietModules / (code->width + 2 * kQuietModules);
  return Box{box.x + quiet, box.y + quiet, box.width - 2 * quiet, box.height - 2 * quiet};
}

struct Canvas::Paper {
  std::string bytes;
  cairo_surface_t* surface = nullptr;
  cairo_t* cairo = nullptr;
};

Canvas::Canvas(double width, double height, const std::string& title) : paper_(std::make_unique<Paper>()) {
  paper_->surface = cairo_pdf_surface_create_for_stream(Append, &paper_->bytes, width * kPointsPerMillimetre,
                                                        height * kPointsPerMillimetre);
  cairo_pdf_surface_set_metadata(paper_->surface, CAIRO_PDF_METADATA_TITLE, title.c_str());
  cairo_pdf_surface_set_metadata(paper_->surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
  paper_->cairo = cairo_create(paper_->surface);
  cairo_scale(paper_->cairo, kPointsPerMillimetre, kPointsPerMillimetre);
  cairo_set_line_join(paper_->cairo, CAIRO_LINE_JOIN_ROUND);
  UseExactWidths(paper_->cairo);
}

Canvas::~Canvas() {
  cairo_destroy(paper_->cairo);
  cairo_surface_destroy(paper_->surface);
}

void Canvas::EndPage() { cairo_show_page(paper_->cairo); }

absl::StatusOr<std::string> Canvas::Finish() {
  cairo_surface_finish(paper_->surface);
  const bool drawn = cairo_status(paper_->cairo) == CAIRO_STATUS_SUCCESS &&
                     cairo_surface_status(paper_->surface) == CAIRO_STATUS_SUCCESS;
  if (!drawn) return absl::ResourceExhaustedError("the packet could not be drawn: no memory");
  return std::move(paper_->bytes);
}

void Canvas::Text(const Box& box, const std::string& text, double size, bool bold, Align align, double darkness) {
  DrawText(paper_->cairo, box, text, size, bold, align, darkness);
}

double Canvas::Paragraph(const Box& box, const std::string& text, double size) {
  const Layout layout = LayoutOf(paper_->cairo, text, size, false);
  pango_layout_set_width(layout.get(), static_cast<int>(box.width * PANGO_SCALE));
  pango_layout_set_height(layout.get(), static_cast<int>(box.height * PANGO_SCALE));
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  int height = 0;
  pango_layout_get_size(layout.get(), nullptr, &height);
  cairo_set_source_rgb(paper_->cairo, 0, 0, 0);
  cairo_move_to(paper_->cairo, box.x, box.y);
  pango_cairo_show_layout(paper_->cairo, layout.get());
  return static_cast<double>(height) / PANGO_SCALE;
}

double Canvas::TextWidth(const std::string& text, double size, bool bold) const {
  int width = 0;
  pango_layout_get_size(LayoutOf(paper_->cairo, text, size, bold).get(), &width, nullptr);
  return static_cast<double>(width) / PANGO_SCALE;
}

void Canvas::TextAlong(const MapPoint& from, const MapPoint& to, const std::string& text, double size,
                       double darkness) {
  const Layout layout = LayoutOf(paper_->cairo, text, size, false);
  int width = 0;
  int height = 0;
  pango_layout_get_size(layout.get(), &width, &height);
  double angle = std::atan2(to.y - from.y, to.x - from.x);
  if (std::abs(angle) > std::numbers::pi / 2) angle += std::numbers::pi;
  cairo_save(paper_->cairo);
  cairo_translate(paper_->cairo, (from.x + to.x) / 2, (from.y + to.y) / 2);
  cairo_rotate(paper_->cairo, angle);
  cairo_move_to(paper_->cairo, -static_cast<double>(width) / PANGO_SCALE / 2,
                -static_cast<double>(height) / PANGO_SCALE / 2);
  pango_cairo_layout_path(paper_->cairo, layout.get());
  cairo_set_source_rgb(paper_->cairo, 1, 1, 1);
  cairo_set_line_width(paper_->cairo, size / 3);
  cairo_stroke_preserve(paper_->cairo);
  cairo_set_source_rgb(paper_->cairo, 1 - darkness, 1 - darkness, 1 - darkness);
  cairo_fill(paper_->cairo);
  cairo_restore(paper_->cairo);
}

void Canvas::Stroke(const Pen& pen) {
  cairo_set_source_rgb(paper_->cairo, 1 - pen.darkness, 1 - pen.darkness, 1 - pen.darkness);
  cairo_set_line_width(paper_->cairo, pen.width);
  cairo_set_dash(paper_->cairo, pen.dashes.data(), static_cast<int>(pen.dashes.size()), 0);
  cairo_stroke(paper_->cairo);
}

void Canvas::Line(const std::vector<MapPoint>& points, const Pen& pen) {
  cairo_new_path(paper_->cairo);
  for (const MapPoint& point : points) cairo_line_to(paper_->cairo, point.x, point.y);
  Stroke(pen);
}

void Canvas::Area(const std::vector<std::vector<MapPoint>>& rings, double darkness) {
  cairo_new_path(paper_->cairo);
  for (const std::vector<MapPoint>& ring : rings) {
    cairo_new_sub_path(paper_->cairo);
    for (const MapPoint& point : ring) cairo_line_to(paper_->cairo, point.x, point.y);
    cairo_close_path(paper_->cairo);
  }
  cairo_set_fill_rule(paper_->cairo, CAIRO_FILL_RULE_EVEN_ODD);
  cairo_set_source_rgb(paper_->cairo, 1 - darkness, 1 - darkness, 1 - darkness);
  cairo_fill(paper_->cairo);
}

void Canvas::Rectangle(const Box& box, const Pen& pen) {
  cairo_rectangle(paper_->cairo, box.x, box.y, box.width, box.height);
  Stroke(pen);
}

void Canvas::Fill(const Box& box, double darkness) {
  cairo_rectangle(paper_->cairo, box.x, box.y, box.width, box.height);
  cairo_set_source_rgb(paper_->cairo, 1 - darkness, 1 - darkness, 1 - darkness);
  cairo_fill(paper_->cairo);
}

void Canvas::Bubble(const Box& box, const Pen& pen) {
  BubblePath(paper_->cairo, box, 0);
  Stroke(pen);
}

void Canvas::Disc(const MapPoint& middle, double radius, double darkness) {
  cairo_new_path(paper_->cairo);
  cairo_arc(paper_->cairo, middle.x, middle.y, radius, 0, 2 * std::numbers::pi);
  cairo_set_source_rgb(paper_->cairo, 1 - darkness, 1 - darkness, 1 - darkness);
  cairo_fill(paper_->cairo);
}

void Canvas::Clip(const Box& box) {
  cairo_save(paper_->cairo);
  cairo_rectangle(paper_->cairo, box.x, box.y, box.width, box.height);
  cairo_clip(paper_->cairo);
}
void Canvas::ClipEnd() { cairo_restore(paper_->cairo); }

absl::Status Canvas::BarCode(const Box& box, const std::string& text) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Code code, CodeOf(text));
  const double module = box.width / (code->width + 2 * kQuietModules);
  cairo_new_path(paper_->cairo);
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width; ++x) {
      if ((code->data[y * code->width + x] & 1) == 0) continue;
      cairo_rectangle(paper_->cairo, box.x + (x + kQuietModules) * module, box.y + (y + kQuietModules) * module, module,
                      module);
    }
  }
  cairo_set_source_rgb(paper_->cairo, 0, 0, 0);
  cairo_fill(paper_->cairo);
  return absl::OkStatus();
}

}  // namespace snowfield::paper
