// Canvas: a PDF that is drawn page by page, in millimetres from the upper left corner, y downwards. Cairo draws, Pango
// sets the text: any script, right to left too, with the fonts of the machine embedded. Thread safety: one canvas, one
// thread; any number at once.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/paper/print/layout.h"

namespace snowfield::paper {

// Darkness: 0 white, 1 black.
struct Pen {
  double width = 0.25;
  double darkness = 1;
  std::vector<double> dashes = {};  // lengths of dash and gap by turns; none: a whole line
};

enum class Align { kLeft, kMiddle, kRight };

// Where the modules of a QR code stand that Canvas::BarCode() draws into the box: without its quiet zone. INTERNAL for
// text that does not fit.
absl::StatusOr<Box> ModulesOf(const Box& box, const std::string& text);

// How dark one line of text in the middle of a bubble makes it, 0 to 1: the mean over its inside, from `edge` within
// the outline on.
double DarknessOfText(const Box& bubble, const std::string& text, double size, double darkness, double edge);

class Canvas {
 public:
  // The document's title; its creation time is left out, so that the same packet gives the same bytes.
  Canvas(double width, double height, const std::string& title);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  void EndPage();
  // The bytes of the PDF. Call once, at the end. RESOURCE_EXHAUSTED where there was no memory for it.
  absl::StatusOr<std::string> Finish();

  // One line of text in the middle of the box's height, shortened with an ellipsis where it is wider. `size`: of the
  // letters, in millimetres.
  void Text(const Box& box, const std::string& text, double size, bool bold = false, Align align = Align::kLeft,
            double darkness = 1);
  // Broken into lines; gives the height that they took, at most the box's (what is left over is cut off with an
  // ellipsis).
  double Paragraph(const Box& box, const std::string& text, double size);
  // Along a line from `from` towards `to`, centred on its middle, on a white ground. Never upside down.
  void TextAlong(const MapPoint& from, const MapPoint& to, const std::string& text, double size, double darkness);
  double TextWidth(const std::string& text, double size, bool bold) const;

  void Line(const std::vector<MapPoint>& points, const Pen& pen);
  // Rings by the even-odd rule.
  void Area(const std::vector<std::vector<MapPoint>>& rings, double darkness);
  void Rectangle(const Box& box, const Pen& pen);
  void Fill(const Box& box, double darkness);
  // With round ends: a bubble.
  void Bubble(const Box& box, const Pen& pen);
  void Disc(const MapPoint& middle, double radius, double darkness);
  // Nothing is drawn outside the box until ClipEnd().
  void Clip(const Box& box);
  void ClipEnd();
  // A QR code with 4 modules of quiet zone inside the box (ISO/IEC 18004; libqrencode). INTERNAL for text that does not
  // fit.
  absl::Status BarCode(const Box& box, const std::string& text);

 private:
  struct Paper;  // Cairo's parts, and the bytes so far
  void Stroke(const Pen& pen);

  std::unique_ptr<Paper> paper_;
};

}  // namespace snowfield::paper
