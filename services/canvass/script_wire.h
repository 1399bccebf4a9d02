// Scripts on their way: in the language of a phone, as JSON in the data, and against the answers that come back.
// Thread safety: pure.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "snowfield/canvass/v1/script.pb.h"

namespace snowfield::canvass {

// A phone names at most this many languages.
inline constexpr int kLanguagesAskedMax = 10;
using Languages = google::protobuf::RepeatedPtrField<std::string>;

// A language code of BCP 47's form, at most 20 characters.
bool IsLanguage(const std::string& code);
// INVALID_ARGUMENT naming "languages".
absl::Status CheckLanguages(const Languages& languages);

// The codes that a question takes as answers, of every kind that has some; none of NUMBER, DATE and FREE_TEXT.
std::vector<std::string> AnswersOf(const v1::QuestionDraft& question);

// Of a sound script: the first of `asked` that it has, a longer code by its beginning too ("es" for "es-MX"), in any
// case of letters; else the script's first language.
std::string ChooseLanguage(const v1::ScriptDraft& script, const Languages& asked);
// A sound script in one of its languages; each text that is not translated, in the first one. Without script_id and
// version.
v1::Script OnPhone(const v1::ScriptDraft& script, const std::string& language);

// Whether the script has the question, and the question takes the answer.
bool IsOnScript(const v1::Script& script, const v1::KnockResponse& response);

// The JSON form, with the names of the proto. What is read was written by this or an earlier version of the program.
absl::StatusOr<std::string> ScriptToJson(const google::protobuf::Message& script);
absl::Status ScriptFromJson(const std::string& json, google::protobuf::Message* script);

}  // namespace snowfield::canvass
