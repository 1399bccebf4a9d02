#include "services/canvass/knock_check.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/character_count.h"
#include "base/status.h"
#include "base/uuid.h"
#include "services/rpc/geometry.h"
#include "services/rpc/timestamp.h"

namespace snowfield::canvass {
namespace {
using base::InvalidField;

// It takes another knock back, and says nothing itself.
absl::Status CheckUndo(const v1::Knock& knock) {
  if (knock.corrects_knock_id().empty()) {
    return InvalidField("corrects_knock_id", "UNDO_OF_NOTHING", "say which knock did not happen");
  }
  if (knock.result() == v1::KNOCK_RESULT_UNSPECIFIED && knock.responses().empty() && knock.asks().empty()) {
    return absl::OkStatus();
  }
  return InvalidField("undo", "UNDO_SAYS_MORE", "what takes a knock back has no result, answers or asks of its own");
}

absl::Status CheckResult(const v1::Knock& knock) {
  if (knock.undo()) return CheckUndo(knock);
  if (knock.result() == v1::KNOCK_RESULT_UNSPECIFIED) {
    return InvalidField("result", "RESULT_MISSING", "say what came of the knock");
  }
  if (!v1::KnockResult_IsValid(knock.result())) {
    return InvalidField("result", "RESULT_UNKNOWN", "the server does not know this result: choose another");
  }
  return absl::OkStatus();
}

absl::Status CheckLanguage(const v1::Knock& knock) {
  const std::string& language = knock.language();
  if (language.empty()) {
    if (knock.result() != v1::KNOCK_RESULT_LANGUAGE_BARRIER) return absl::OkStatus();
    return InvalidField("language", "LANGUAGE_MISSING",
                        "say which language they speak, so that someone who does can come");
  }
  SNOWFIELD_RETURN_IF_ERROR(CheckText(language, kLanguageCharactersMax, "language"));
  const bool is_tag = absl::ascii_isalpha(static_cast<unsigned char>(language.front())) &&
                      std::all_of(language.begin(), language.end(), [](char c) {
                        return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-';
                      });
  if (is_tag) return absl::OkStatus();
  return InvalidField("language", "LANGUAGE_INVALID", "send a language code, such as es or zh-Hant");
}

absl::Status CheckClockAndPlace(const v1::Knock& knock) {
  if (!knock.has_phone_time()) return InvalidField("phone_time", "PHONE_TIME_MISSING", "send the phone's time");
  if (!rpc::FromTimestamp(knock.phone_time(), "phone_time").ok()) {
    return InvalidField("phone_time", "PHONE_TIME_INVALID", "this is no time: set the phone's clock");
  }
  if (knock.monotonic_ms() < 0) return InvalidField("monotonic_ms", "NUMBER_NEGATIVE", "send 0 or more");
  if (knock.running_number() < 0) return InvalidField("running_number", "NUMBER_NEGATIVE", "send 0 or more");
  if (knock.has_position() && !rpc::CheckPoint(knock.position(), "position").ok()) {
    return InvalidField("position", "POSITION_INVALID",
                        "the position is not on the globe: send it again, or leave it out");
  }
  if (!std::isfinite(knock.accuracy_m()) || knock.accuracy_m() < 0) {
    return InvalidField("accuracy_m", "POSITION_INVALID", "send the accuracy in metres, 0 or more, or leave it out");
  }
  return absl::OkStatus();
}

absl::Status CheckResponses(const v1::Knock& knock) {
  if (knock.responses_size() > kResponsesMax) {
    return InvalidField("responses", "TOO_MANY", absl::StrCat("at most ", kResponsesMax, " responses in a knock"));
  }
  for (int i = 0; i < knock.responses_size(); ++i) {
    const v1::KnockResponse& response = knock.responses(i);
    const std::string path = absl::StrCat("responses[", i, "].");
    if (response.question().empty()) {
      return InvalidField(path + "question", "QUESTION_MISSING", "say which question was answered");
    }
    if (response.answer().empty()) return InvalidField(path + "answer", "ANSWER_MISSING", "say what was answered");
    SNOWFIELD_RETURN_IF_ERROR(CheckText(response.question(), kQuestionCharactersMax, path + "question"));
    SNOWFIELD_RETURN_IF_ERROR(CheckText(response.answer(), kAnswerCharactersMax, path + "answer"));
    if (response.person_id() < 0) return InvalidField(path + "person_id", "NUMBER_NEGATIVE", "send 0 or more");
  }
  return absl::OkStatus();
}

absl::Status CheckMeeting(const v1::KnockAsk& ask, const std::string& path) {
  if (ask.ask() != v1::ASK_KIND_COME_TO_MEETING) {
    if (ask.meeting_id() == 0) return absl::OkStatus();
    return InvalidField(path + "meeting_id", "MEETING_UNFIT", "only ASK_KIND_COME_TO_MEETING names a meeting");
  }
  if (ask.meeting_id() <= 0) {
    return InvalidField(path + "meeting_id", "MEETING_MISSING", "say which meeting they were asked to");
  }
  if (ask.person_id() != 0) return absl::OkStatus();
  return InvalidField(path + "person_id", "PERSON_MISSING", "say who was asked to the meeting");
}

absl::Status CheckAsks(const v1::Knock& knock) {
  if (knock.asks_size() > kAsksMax) {
    return InvalidField("asks", "TOO_MANY", absl::StrCat("at most ", kAsksMax, " asks in a knock"));
  }
  for (int i = 0; i < knock.asks_size(); ++i) {
    const v1::KnockAsk& ask = knock.asks(i);
    const std::string path = absl::StrCat("asks[", i, "].");
    if (ask.ask() == v1::ASK_KIND_UNSPECIFIED || !v1::AskKind_IsValid(ask.ask())) {
      return InvalidField(path + "ask", "ASK_MISSING", "say what was asked");
    }
    if (ask.answer() == v1::ASK_ANSWER_UNSPECIFIED || !v1::AskAnswer_IsValid(ask.answer())) {
      return InvalidField(path + "answer", "ANSWER_MISSING", "say what was answered: yes, maybe or no");
    }
    if (ask.person_id() < 0) return InvalidField(path + "person_id", "NUMBER_NEGATIVE", "send 0 or more");
    SNOWFIELD_RETURN_IF_ERROR(CheckMeeting(ask, path));
  }
  return absl::OkStatus();
}

absl::Status CheckCorrection(const v1::Knock& knock) {
  if (knock.corrects_knock_id().empty()) return absl::OkStatus();
  const auto corrected = base::Uuid::Parse(knock.corrects_knock_id(), "corrects_knock_id");
  if (!corrected.ok()) {
    return InvalidField("corrects_knock_id", "KNOCK_ID_INVALID", "name the knock that this one corrects by its UUID");
  }
  const auto own = base::Uuid::Parse(knock.knock_id(), "knock_id");
  if (own.ok() && *own == *corrected) {
    return InvalidField("corrects_knock_id", "CORRECTS_ITSELF", "a correction is a new knock with an id of its own");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckText(const std::string& text, int characters_max, std::string_view field) {
  if (text.find('\0') != std::string::npos) {
    return InvalidField(field, "TEXT_INVALID", "the text holds a NUL character: type it again");
  }
  const int64_t characters = base::CharacterCount(text);
  if (characters > characters_max) {
    return InvalidField(field, "TOO_LONG", absl::StrCat("at most ", characters_max, " characters: shorten it"));
  }
  return absl::OkStatus();
}

absl::Status CheckKnock(const v1::Knock& knock) {
  if (knock.door_id() <= 0) return InvalidField("door_id", "DOOR_MISSING", "say which door was knocked at");
  SNOWFIELD_RETURN_IF_ERROR(CheckResult(knock));
  SNOWFIELD_RETURN_IF_ERROR(CheckLanguage(knock));
  SNOWFIELD_RETURN_IF_ERROR(CheckClockAndPlace(knock));
  SNOWFIELD_RETURN_IF_ERROR(CheckText(knock.boot_id(), kBootIdCharactersMax, "boot_id"));
  SNOWFIELD_RETURN_IF_ERROR(CheckText(knock.note(), kNoteCharactersMax, "note"));
  SNOWFIELD_RETURN_IF_ERROR(CheckResponses(knock));
  SNOWFIELD_RETURN_IF_ERROR(CheckAsks(knock));
  return CheckCorrection(knock);
}

}  // namespace snowfield::canvass
