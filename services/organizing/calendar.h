// Calendar: a meeting as iCalendar (RFC 5545), for anyone's calendar program.
//
// It holds what one needs in order to come, and nobody's name. Times are in UTC, which needs no time zone component.
// The UID is the meeting's for ever; SEQUENCE grows with each change, so that a newer file takes the place of an older
// one. Thread safety: pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "base/ids.h"
#include "db/store/meeting_store.h"

namespace snowfield::organizing {

inline constexpr int kCalendarLineOctetsMax = 75;

// A TEXT value (RFC 5545, 3.3.11): backslash, semicolon, comma and line ends escaped; other control characters left
// out.
std::string EscapeText(std::string_view text);
// One content line with its CRLF, folded after at most 75 octets without cutting a UTF-8 character (3.1).
std::string FoldLine(std::string_view line);

struct Calendar {
  std::string content_type;
  std::string text;
};
// Made at `now`, which DTSTAMP says.
Calendar MakeCalendar(base::CampaignId campaign, const db::MeetingRow& meeting, absl::Time now);

}  // namespace snowfield::organizing
