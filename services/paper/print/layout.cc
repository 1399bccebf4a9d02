#include "services/paper/print/layout.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"

namespace snowfield::paper {
namespace {
// Millimetres, at normal size.
constexpr double kMargin = 12;
constexpr double kCode = 21;    // side of the bar code
constexpr double kHeader = 25;  // above the body
constexpr double kFooter = 12;
constexpr double kLargeType = 1.35;
constexpr double kLine = 6.2;
constexpr double kNotesLine = 6.5;
constexpr double kHeadingLine = 7;
constexpr double kDoorGap = 1.6;
constexpr double kNumberColumn = 9;
constexpr double kNameColumn = 56;
constexpr double kBubbleWidth = 6;
constexpr double kBubbleHeight = 4.2;
constexpr double kBubbleGap = 1;
constexpr double kGroupGap = 2.2;
constexpr double kWriteWidth = 46;
// A letter of the small style is about so wide; labels are shortened to their room when they are drawn.
constexpr double kLetterWidth = 1.4;
constexpr double kLabelMax = 24;

// A question or ask with its bubbles, which stay on one line.
struct Group {
  std::string label;
  std::vector<Mark> marks;  // boxes not set yet
  bool to_write = false;    // a line in their place
};

bool IsPassedBy(const PacketDoor& door) { return !door.pass_by.empty(); }

class SheetMaker {
 public:
  SheetMaker(const PacketContent& content, const PacketFormat& format)
      : content_(content), frame_(FrameOf(format)), type_(frame_.type) {}

  std::vector<Sheet> Make() {
    Begin();
    for (size_t i = 0; i < content_.doors.size(); ++i) PlaceDoor(i);
    return std::move(sheets_);
  }

 private:
  double Right() const { return frame_.body.x + frame_.body.width; }
  double Bottom() const { return frame_.body.y + frame_.body.height; }
  double At(double millimetres) const { return millimetres * type_; }

  void Begin() {
    sheets_.emplace_back();
    y_ = frame_.body.y;
    heading_ = building_ = "";
  }
  Sheet& sheet() { return sheets_.back(); }

  void PutText(double x, double width, double height, std::string text, TextStyle style) {
    sheet().texts.push_back({.box = {x, y_, width, height}, .text = std::move(text), .style = style});
  }

  // Street and side: paper walks up one side and down the other.
  static std::string HeadingOf(const PacketDoor& door) {
    const int number = std::atoi(door.house_number.c_str());
    if (number <= 0) return door.street;
    return absl::StrCat(door.street, number % 2 == 0 ? ", even side" : ", odd side");
  }
  // The building whose several doors follow each other here; empty for a house of its own.
  std::string BuildingOf(size_t index) const {
    const PacketDoor& door = content_.doors[index];
    const auto is_same = [&](size_t other) {
      return other < content_.doors.size() && content_.doors[other].street == door.street &&
             content_.doors[other].house_number == door.house_number;
    };
    if (door.unit.empty() || !(is_same(index + 1) || (index > 0 && is_same(index - 1)))) return "";
    return absl::StrCat(door.house_number, " ", door.street);
  }

  // Of the person on this line of their row.
  std::vector<Group> GroupsOf(const PacketDoor& door, const PacketPerson& person, int line) const {
    std::vector<Group> groups;
    const auto add = [&](const std::string& label, const std::vector<std::string>& signs) {
      Group& group = groups.emplace_back();
      group.label = label;
      group.to_write = signs.empty();
      for (const std::string& sign : signs) {
        group.marks.push_back({.sequence = door.sequence,
                               .door_id = door.door_id,
                               .person_id = person.person_id,
                               .line = line,
                               .column = static_cast<int>(groups.size()),
                               .choice = static_cast<int>(group.marks.size()) + 1,
                               .sign = sign});
      }
    };
    for (const PacketQuestion& question : content_.questions) add(question.code, question.answers);
    for (const PacketCode& ask : content_.asks) add(ask.sign, {"Y", "?", "N"});
    return groups;
  }
  // Each result by itself, so that they may be parted.
  std::vector<Group> ResultsOf(const PacketDoor& door) const {
    std::vector<Group> singles;
    for (const PacketCode& result : content_.results) {
      singles.emplace_back().marks.push_back(
          {.sequence = door.sequence, .door_id = door.door_id, .choice = result.number, .sign = result.sign});
    }
    return singles;
  }

  double BubbleWidthOf(const Mark& mark) const {
    return At(std::max(kBubbleWidth, kLetterWidth * static_cast<double>(std::min<size_t>(mark.sign.size(), 12)) + 2.5));
  }
  double LabelWidthOf(const Group& group) const {
    if (group.label.empty()) return 0;
    return At(std::min(kLabelMax, kLetterWidth * static_cast<double>(group.label.size()) + 1.5));
  }
  double WidthOf(const Group& group) const {
    double width = LabelWidthOf(group) + (group.to_write ? At(kWriteWidth) : 0);
    for (const Mark& mark : group.marks) width += BubbleWidthOf(mark) + At(kBubbleGap);
    return width;
  }

  // Where a person's bubbles go on after their first line: under the name.
  double NextLineX() const { return AddressX() + At(2); }
  // How groups flow: from first_x on, and after the first line from next_x on.
  struct Flow {
    double first_x = 0;
    double next_x = 0;
    double gap = 0;
  };
  struct Spot {
    int line = 0;  // from 0
    double x = 0;
  };
  // Where each group stands. What is measured and what is put go by it alike.
  std::vector<Spot> SpotsOf(const std::vector<Group>& groups, const Flow& flow) const {
    std::vector<Spot> spots;
    Spot at{.line = 0, .x = flow.first_x};
    for (const Group& group : groups) {
      const double width = WidthOf(group);
      if (at.x > flow.next_x && at.x + width > Right()) at = {.line = at.line + 1, .x = flow.next_x};
      spots.push_back(at);
      at.x += width + flow.gap;
    }
    return spots;
  }
  int LinesOf(const std::vector<Group>& groups, const Flow& flow) const {
    return groups.empty() ? 1 : SpotsOf(groups, flow).back().line + 1;
  }
  // y_ is the first line's, and is left at the last one's.
  void PutGroups(std::vector<Group> groups, const Flow& flow) {
    const std::vector<Spot> spots = SpotsOf(groups, flow);
    int line = 0;
    for (size_t i = 0; i < groups.size(); ++i) {
      y_ += At(kLine) * (spots[i].line - std::exchange(line, spots[i].line));
      PutGroup(groups[i], spots[i].x);
    }
  }
  void PutGroup(Group& group, double x) {
    if (!group.label.empty()) PutText(x, LabelWidthOf(group), At(kLine), group.label, TextStyle::kSmall);
    x += LabelWidthOf(group);
    if (group.to_write) sheet().lines.push_back({.x = x, .y = y_ + At(kLine) - At(1), .width = At(kWriteWidth)});
    for (Mark& mark : group.marks) {
      mark.box = {x, y_ + At((kLine - kBubbleHeight) / 2), BubbleWidthOf(mark), At(kBubbleHeight)};
      x += mark.box.width + At(kBubbleGap);
      sheet().marks.push_back(std::move(mark));
    }
  }

  double AddressX() const { return frame_.body.x + At(kNumberColumn); }
  double NameX() const { return AddressX() + At(kNameColumn); }
  Flow AnswersFlow() const { return {.first_x = NameX(), .next_x = NextLineX(), .gap = At(kGroupGap)}; }
  // Where the results do not fit beside the address they have lines of their own.
  Flow ResultsFlow(bool is_beside) const {
    const double x = is_beside ? NameX() : AddressX();
    return {.first_x = x, .next_x = x, .gap = 0};
  }
  bool ResultsFitBeside(const PacketDoor& door) const {
    return LinesOf(ResultsOf(door), ResultsFlow(/*is_beside=*/true)) == 1;
  }
  int AddressLines(const PacketDoor& door) const {
    if (IsPassedBy(door) || ResultsFitBeside(door)) return 1;
    return 1 + LinesOf(ResultsOf(door), ResultsFlow(/*is_beside=*/false));
  }
  double HeightOfPerson(const PacketDoor& door, const PacketPerson& person) const {
    return At(kLine) * LinesOf(GroupsOf(door, person, /*line=*/0), AnswersFlow());
  }
  double HeightWithoutPeople(const PacketDoor& door) const {
    return At(kLine) * AddressLines(door) + (IsPassedBy(door) ? 0 : At(kNotesLine)) + At(kDoorGap);
  }

  void PutHeadings(size_t index) {
    const PacketDoor& door = content_.doors[index];
    if (const std::string heading = HeadingOf(door); heading != heading_) {
      PutText(frame_.body.x, frame_.body.width, At(kHeadingLine), heading, TextStyle::kHeading);
      y_ += At(kHeadingLine);
      heading_ = heading;
      building_ = "";
    }
    const std::string building = BuildingOf(index);
    if (!building.empty() && building != building_) {
      PutText(AddressX(), frame_.body.width, At(kLine), building, TextStyle::kBold);
      y_ += At(kLine);
    }
    building_ = building;
  }
  double HeadingsHeight(size_t index) const {
    const std::string building = BuildingOf(index);
    const bool new_heading = HeadingOf(content_.doors[index]) != heading_;
    return (new_heading ? At(kHeadingLine) : 0) +
           (!building.empty() && (new_heading || building != building_) ? At(kLine) : 0);
  }

  void PlaceDoor(size_t index) {
    PacketDoor door = content_.doors[index];
    // Whoever opens where nobody is known to live can answer too.
    if (door.people.empty() && !IsPassedBy(door)) door.people.push_back({.person_id = 0, .name = "Household"});
    size_t placed = 0;
    do {
      double whole = HeadingsHeight(index) + HeightWithoutPeople(door);
      for (size_t p = placed; p < door.people.size(); ++p) whole += HeightOfPerson(door, door.people[p]);
      if (y_ + whole > Bottom() && y_ > frame_.body.y) Begin();
      PutHeadings(index);
      placed = PutDoor(door, placed);
    } while (placed < door.people.size());
  }

  // The door with its people from `first` on, as many as there is room for. The one after the last.
  size_t PutDoor(const PacketDoor& door, size_t first) {
    SheetRow row{.sequence = door.sequence, .door_id = door.door_id, .person_ids = {}, .box = {}};
    const double top = y_;
    PutText(frame_.body.x, At(kNumberColumn), At(kLine), absl::StrCat(door.sequence), TextStyle::kBold);
    const std::string where =
        building_.empty() || door.unit.empty()
            ? absl::StrCat(door.house_number, " ", door.street, door.unit.empty() ? "" : ", ", door.unit)
            : door.unit;
    const bool is_beside = !IsPassedBy(door) && ResultsFitBeside(door);
    const double room = (is_beside ? At(kNameColumn) : Right() - AddressX()) - At(1);
    PutText(AddressX(), room, At(kLine),
            IsPassedBy(door) ? absl::StrCat(where, ": ", door.pass_by, ", pass by") : where, TextStyle::kBold);
    if (!IsPassedBy(door)) {
      if (!is_beside) y_ += At(kLine);
      PutGroups(ResultsOf(door), ResultsFlow(is_beside));
    }
    y_ += At(kLine);
    size_t next = first;
    for (; next < door.people.size(); ++next) {
      const PacketPerson& person = door.people[next];
      const double height = HeightOfPerson(door, person);
      const bool has_room = y_ + height + At(kNotesLine) <= Bottom();
      if (!has_room && next > first) break;
      if (person.person_id != 0) row.person_ids.push_back(person.person_id);
      PutPerson(door, person, static_cast<int>(row.person_ids.size()));
    }
    if (!IsPassedBy(door)) {
      PutText(AddressX(), At(11), At(kNotesLine), "Notes", TextStyle::kSmall);
      sheet().lines.push_back(
          {.x = AddressX() + At(11), .y = y_ + At(kNotesLine) - At(1), .width = Right() - AddressX() - At(11)});
      y_ += At(kNotesLine);
    }
    row.box = {frame_.body.x, top, frame_.body.width, y_ - top};
    y_ += At(kDoorGap);
    sheet().rows.push_back(std::move(row));
    return next;
  }
  void PutPerson(const PacketDoor& door, const PacketPerson& person, int line) {
    std::string text = person.name;
    if (person.age > 0) absl::StrAppend(&text, ", ", person.age);
    if (!person.party.empty()) absl::StrAppend(&text, ", ", person.party);
    PutText(AddressX() + At(2), At(kNameColumn) - At(3), At(kLine), text, TextStyle::kPlain);
    PutGroups(GroupsOf(door, person, line), AnswersFlow());
    y_ += At(kLine);
  }

  const PacketContent& content_;
  const PageFrame frame_;
  const double type_;
  std::vector<Sheet> sheets_;
  double y_ = 0;
  std::string heading_, building_;
};

}  // namespace

PageFrame FrameOf(const PacketFormat& format) {
  PageFrame frame;
  frame.width = format.paper == PaperSize::kA4 ? 210 : 215.9;
  frame.height = format.paper == PaperSize::kA4 ? 297 : 279.4;
  frame.type = format.large_type ? kLargeType : 1;
  frame.body = {kMargin, kMargin + kHeader, frame.width - 2 * kMargin, frame.height - 2 * kMargin - kHeader - kFooter};
  frame.code = {frame.width - kMargin - kCode, kMargin, kCode, kCode};
  return frame;
}

std::vector<Sheet> LayOutSheets(const PacketContent& content, const PacketFormat& format) {
  return SheetMaker(content, format).Make();
}

}  // namespace snowfield::paper
