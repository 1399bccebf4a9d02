#include "services/organizing/calendar.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace snowfield::organizing {
namespace {

constexpr char kProduct[] = "-//Snowfield//Organizing//EN";

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::string Utc(absl::Time time) { return absl::FormatTime("%Y%m%dT%H%M%SZ", time, absl::UTCTimeZone()); }

}  // namespace

std::string EscapeText(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\r') {
      if (i + 1 >= text.size() || text[i + 1] != '\n') out += "\\n";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\\' || c == ';' || c == ',') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
      out += c;
    } else if (c == '\t') {
      out += ' ';
    }
  }
  return out;
}

std::string FoldLine(std::string_view line) {
  std::string out;
  size_t room = kCalendarLineOctetsMax;
  while (line.size() > room) {
    size_t end = room;
    while (end > 1 && IsContinuation(line[end])) --end;
    out.append(line.substr(0, end));
    out += "\r\n ";
    line.remove_prefix(end);
    room = kCalendarLineOctetsMax - 1;  // the blank counts
  }
  out.append(line);
  out += "\r\n";
  return out;
}

Calendar MakeCalendar(base::CampaignId campaign, const db::MeetingRow& meeting, absl::Time now) {
  const bool cancelled = meeting.state == "cancelled";
  const std::string method = cancelled ? "CANCEL" : "PUBLISH";
  const std::vector<std::pair<std::string, std::string>> lines = {
      {"BEGIN", "VCALENDAR"},
      {"VERSION", "2.0"},
      {"PRODID", kProduct},
      {"METHOD", method},
      {"BEGIN", "VEVENT"},
      {"UID", absl::StrCat("meeting-", campaign.value, "-", meeting.meeting.value, "@snowfield")},
      {"DTSTAMP", Utc(now)},
      {"LAST-MODIFIED", Utc(meeting.update_time)},
      {"SEQUENCE", absl::StrCat(meeting.sequence)},
      {"DTSTART", Utc(meeting.start_time)},
      {"DTEND", Utc(meeting.end_time)},
      {"SUMMARY", EscapeText(meeting.title)},
      {"LOCATION", EscapeText(meeting.place)},
      {"STATUS", cancelled ? "CANCELLED" : "CONFIRMED"},
      {"END", "VEVENT"},
      {"END", "VCALENDAR"}};
  Calendar calendar{.content_type = absl::StrCat("text/calendar; charset=utf-8; method=", method), .text = ""};
  for (const auto& [name, value] : lines) {
    if (name == "LOCATION" && value.empty()) continue;
    calendar.text += FoldLine(absl::StrCat(name, ":", value));
  }
  return calendar;
}

}  // namespace snowfield::organizing
