#include "services/paper/print/packet_pdf.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "services/paper/print/canvas.h"
#include "services/paper/print/map_drawing.h"

namespace snowfield::paper {
namespace {
// Letters, in millimetres at normal size.
constexpr double kPlain = 3.2;
constexpr double kSmall = 2.6;
constexpr double kHeading = 3.9;
constexpr double kTitle = 6;
constexpr double kSign = 2.3;
// Light, so that a bubble that is filled stands out from one that is not.
constexpr double kSignDarkness = 0.6;
constexpr double kMinutesPerDoor = 3;    // with the way to the next; the cover says "about"
constexpr double kMetresPerMinute = 72;  // 1.2 m/s

class PacketDrawing {
 public:
  PacketDrawing(const PacketContent& content, const PacketFormat& format, const std::vector<Sheet>& sheets)
      : content_(content),
        frame_(FrameOf(format)),
        sheets_(sheets),
        codes_(PageCodesOf(content, sheets.size())),
        canvas_(frame_.width, frame_.height,
                absl::StrCat("List ", content.list_number, ", packet ", content.packet_id)) {}

  absl::StatusOr<std::string> Draw() {
    SNOWFIELD_RETURN_IF_ERROR(DrawFrame());
    DrawCover();
    canvas_.EndPage();
    SNOWFIELD_RETURN_IF_ERROR(DrawFrame());
    DrawScript();
    canvas_.EndPage();
    for (const Sheet& sheet : sheets_) {
      SNOWFIELD_RETURN_IF_ERROR(DrawFrame());
      DrawSheet(sheet);
      canvas_.EndPage();
    }
    return canvas_.Finish();
  }

 private:
  double At(double size) const { return size * frame_.type; }
  std::string SpacedList() const {
    return absl::StrCat(content_.list_number.substr(0, 4), " ", content_.list_number.substr(4));
  }

  // What every page has.
  absl::Status DrawFrame() {
    const PageCode& code = codes_[page_++];
    SNOWFIELD_RETURN_IF_ERROR(canvas_.BarCode(frame_.code, BarCodeText(code)));
    const double room = frame_.code.x - frame_.body.x - 2;
    canvas_.Text({frame_.body.x, frame_.code.y, room, 8}, absl::StrCat("List ", SpacedList()), kTitle, true);
    canvas_.Text(
        {frame_.body.x, frame_.code.y + 9, room, 5},
        absl::StrCat("Turf ", content_.turf_number, content_.leader_name.empty() ? "" : " · ", content_.leader_name),
        kPlain);
    canvas_.Text({frame_.body.x, frame_.code.y + 14.5, room, 5},
                 absl::StrCat("Page ", code.page, " of ", code.pages, " · code ", TypedText(code)), kPlain);
    const double y = frame_.body.y + frame_.body.height + 3;
    canvas_.Text({frame_.body.x, y, frame_.body.width, 4},
                 "Names and addresses: keep these sheets to yourself and hand every page back.", kSmall, false,
                 Align::kMiddle, 0.7);
    return absl::OkStatus();
  }

  void DrawCover() {
    Box body = frame_.body;
    int people = 0;
    for (const PacketDoor& door : content_.doors) people += static_cast<int>(door.people.size());
    const double minutes =
        static_cast<double>(content_.doors.size()) * kMinutesPerDoor + content_.walk_length_m / kMetresPerMinute;
    canvas_.Text({body.x, body.y, body.width, At(7)}, content_.campaign_name, At(kHeading), true);
    canvas_.Text({body.x, body.y + At(7), body.width, At(6)},
                 absl::StrFormat("%d doors · %d people · %.1f km to walk · about %d min", content_.doors.size(), people,
                                 content_.walk_length_m / 1000, static_cast<int>(std::ceil(minutes / 5) * 5)),
                 At(kPlain));
    body.y += At(15);
    body.height -= At(24);
    DrawMap(canvas_, body, content_);
    canvas_.Text({body.x, body.y + body.height + At(1.5), body.width, At(5)},
                 "Start at S and follow the line; the numbers are those of the sheets. Dashed: the turf. Grey with a "
                 "rim or ticks: do not cross.",
                 At(kSmall));
  }

  void DrawScript() {
    Box at = frame_.body;
    const auto put = [&](const std::string& text, double size, double gap) {
      const double height = canvas_.Paragraph(at, text, size);
      at.y += height + gap;
      at.height -= height + gap;
    };
    const auto title = [&](const std::string& text) {
      canvas_.Text({at.x, at.y, at.width, At(7)}, text, At(kHeading), true);
      at.y += At(8);
      at.height -= At(8);
    };
    title("What to say");
    if (!content_.greeting.empty()) put(content_.greeting, At(kPlain), At(3));
    for (const PacketQuestion& question : content_.questions) {
      put(absl::StrCat(question.code, ": ", question.text), At(kPlain), At(2));
    }
    for (const PacketCode& ask : content_.asks) {
      put(absl::StrCat(ask.sign, ": ", ask.meaning, "  Y yes, ? maybe, N no"), At(kPlain), At(1.2));
    }
    at.y += At(3);
    title("What came of it: fill one bubble at each door");
    for (const PacketCode& result : content_.results) {
      put(absl::StrCat(result.sign, "  ", result.meaning), At(kPlain), At(0.8));
    }
    at.y += At(3);
    title("How to mark");
    put("Fill the whole bubble with a dark pen. Made a mistake? Fill the right one too, cross the wrong one out, and "
        "say so in the notes: a "
        "person will look at it.",
        At(kPlain), 0);
  }

  void DrawSheet(const Sheet& sheet) {
    for (const SheetRow& row : sheet.rows) {
      canvas_.Line({{row.box.x, row.box.y + row.box.height + 0.6},
                    {row.box.x + row.box.width, row.box.y + row.box.height + 0.6}},
                   {.width = 0.2, .darkness = 0.5});
    }
    for (const TextAt& text : sheet.texts) DrawText(text);
    for (const WriteLine& line : sheet.lines) {
      canvas_.Line({{line.x, line.y}, {line.x + line.width, line.y}}, {.width = 0.15, .darkness = 0.6});
    }
    for (const Mark& mark : sheet.marks) {
      canvas_.Bubble(mark.box, {.width = 0.25});
      canvas_.Text(mark.box, mark.sign, At(kSign), false, Align::kMiddle, kSignDarkness);
    }
  }
  void DrawText(const TextAt& text) {
    switch (text.style) {
      case TextStyle::kHeading:
        canvas_.Fill({text.box.x, text.box.y + 0.5, text.box.width, text.box.height - 1.2}, 0.1);
        canvas_.Text({text.box.x + 1, text.box.y, text.box.width - 2, text.box.height}, text.text, At(kHeading), true);
        return;
      case TextStyle::kSmall:
        canvas_.Text(text.box, text.text, At(kSmall));
        return;
      default:
        canvas_.Text(text.box, text.text, At(kPlain), text.style == TextStyle::kBold);
    }
  }

  const PacketContent& content_;
  const PageFrame frame_;
  const std::vector<Sheet>& sheets_;
  const std::vector<PageCode> codes_;
  Canvas canvas_;
  size_t page_ = 0;
};

}  // namespace

std::vector<PageCode> PageCodesOf(const PacketContent& content, size_t sheets) {
  std::vector<PageCode> codes;
  const int pages = kPagesBeforeSheets + static_cast<int>(sheets);
  for (int page = 1; page <= pages; ++page) {
    codes.push_back({.campaign_id = content.campaign_id,
                     .list_number = content.list_number,
                     .packet_id = content.packet_id,
                     .page = page,
                     .pages = pages});
  }
  return codes;
}

double InkOfSign(const Mark& mark, const PacketFormat& format) {
  return DarknessOfText({0, 0, mark.box.width, mark.box.height}, mark.sign, kSign * FrameOf(format).type, kSignDarkness,
                        kBubbleEdge);
}

absl::StatusOr<std::string> DrawPacket(const PacketContent& content, const PacketFormat& format,
                                       const std::vector<Sheet>& sheets) {
  return PacketDrawing(content, format, sheets).Draw();
}

}  // namespace snowfield::paper
