#include "geo/streets/street_name.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace snowfield::geo {
namespace {

using Map = absl::flat_hash_map<std::string, std::string>;

// Latin-1 letters from U+00C0 and Latin Extended-A to U+017F, folded; "" drops the letter.
constexpr std::array<const char*, 0x180 - 0xC0> kFold = {
    "a", "a", "a",  "a",  "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",   // C0
    "d", "n", "o",  "o",  "o", "o", "o",  " ", "o", "u", "u", "u", "u", "y", "th", "ss",  // D0
    "a", "a", "a",  "a",  "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",   // E0
    "d", "n", "o",  "o",  "o", "o", "o",  " ", "o", "u", "u", "u", "u", "y", "th", "y",   // F0
    "a", "a", "a",  "a",  "a", "a", "c",  "c", "c", "c", "c", "c", "c", "c", "d",  "d",   // 100
    "d", "d", "e",  "e",  "e", "e", "e",  "e", "e", "e", "e", "e", "g", "g", "g",  "g",   // 110
    "g", "g", "g",  "g",  "h", "h", "h",  "h", "i", "i", "i", "i", "i", "i", "i",  "i",   // 120
    "i", "i", "ij", "ij", "j", "j", "k",  "k", "k", "l", "l", "l", "l", "l", "l",  "l",   // 130
    "l", "l", "l",  "n",  "n", "n", "n",  "n", "n", "n", "n", "n", "o", "o", "o",  "o",   // 140
    "o", "o", "oe", "oe", "r", "r", "r",  "r", "r", "r", "s", "s", "s", "s", "s",  "s",   // 150
    "s", "s", "t",  "t",  "t", "t", "t",  "t", "u", "u", "u", "u", "u", "u", "u",  "u",   // 160
    "u", "u", "u",  "u",  "w", "w", "y",  "y", "y", "z", "z", "z", "z", "z", "z",  "s"};  // 170

// Suffixes and other words of USPS Publication 28 (appendices B and C), directionals, ordinals in words.
const Map& Words() {
  static const Map* const words = new Map{
      {"street", "st"},      {"str", "str"},         {"saint", "st"},      {"sainte", "ste"},    {"avenue", "ave"},
      {"av", "ave"},         {"aven", "ave"},        {"road", "rd"},       {"drive", "dr"},      {"drv", "dr"},
      {"doctor", "dr"},      {"place", "pl"},        {"court", "ct"},      {"crt", "ct"},        {"lane", "ln"},
      {"boulevard", "blvd"}, {"boul", "blvd"},       {"terrace", "ter"},   {"terr", "ter"},      {"circle", "cir"},
      {"circ", "cir"},       {"parkway", "pkwy"},    {"pky", "pkwy"},      {"parkwy", "pkwy"},   {"highway", "hwy"},
      {"hiway", "hwy"},      {"square", "sq"},       {"sqr", "sq"},        {"trail", "trl"},     {"tr", "trl"},
      {"trails", "trl"},     {"alley", "aly"},       {"ally", "aly"},      {"plaza", "plz"},     {"route", "rte"},
      {"rt", "rte"},         {"expressway", "expy"}, {"freeway", "fwy"},   {"turnpike", "tpke"}, {"heights", "hts"},
      {"crescent", "cres"},  {"crossing", "xing"},   {"point", "pt"},      {"mount", "mt"},      {"mountain", "mtn"},
      {"fort", "ft"},        {"extension", "ext"},   {"extn", "ext"},      {"bridge", "brg"},    {"brook", "brk"},
      {"center", "ctr"},     {"centre", "ctr"},      {"cove", "cv"},       {"creek", "crk"},     {"estates", "ests"},
      {"estate", "est"},     {"field", "fld"},       {"fields", "flds"},   {"garden", "gdn"},    {"gardens", "gdns"},
      {"glen", "gln"},       {"green", "grn"},       {"grove", "grv"},     {"harbor", "hbr"},    {"harbour", "hbr"},
      {"hill", "hl"},        {"hills", "hls"},       {"hollow", "holw"},   {"island", "is"},     {"junction", "jct"},
      {"lake", "lk"},        {"landing", "lndg"},    {"manor", "mnr"},     {"meadow", "mdw"},    {"meadows", "mdws"},
      {"mill", "ml"},        {"mills", "mls"},       {"orchard", "orch"},  {"park", "park"},     {"pike", "pike"},
      {"ridge", "rdg"},      {"river", "riv"},       {"shore", "shr"},     {"shores", "shrs"},   {"spring", "spg"},
      {"springs", "spgs"},   {"station", "sta"},     {"summit", "smt"},    {"valley", "vly"},    {"view", "vw"},
      {"village", "vlg"},    {"vista", "vis"},       {"walk", "walk"},     {"way", "way"},       {"wy", "way"},
      {"north", "n"},        {"south", "s"},         {"east", "e"},        {"west", "w"},        {"northeast", "ne"},
      {"northwest", "nw"},   {"southeast", "se"},    {"southwest", "sw"},  {"junior", "jr"},     {"senior", "sr"},
      {"first", "1"},        {"second", "2"},        {"third", "3"},       {"fourth", "4"},      {"fifth", "5"},
      {"sixth", "6"},        {"seventh", "7"},       {"eighth", "8"},      {"ninth", "9"},       {"tenth", "10"},
      {"eleventh", "11"},    {"twelfth", "12"},      {"thirteenth", "13"}, {"fourteenth", "14"}, {"fifteenth", "15"},
      {"sixteenth", "16"},   {"seventeenth", "17"},  {"eighteenth", "18"}, {"nineteenth", "19"}, {"twentieth", "20"},
      {"strasse", "str"},    {"private", "pvt"}};
  return *words;
}

bool IsState(std::string_view word) {
  static constexpr std::string_view kStates =
      " al ak az ar ca co ct de dc fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok "
      "or pa ri sc sd tn tx ut vt va wa wv wi wy state ";
  return kStates.find(" " + std::string(word) + " ") != std::string_view::npos;
}

bool IsDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "12th" -> "12"; others unchanged.
std::string StripOrdinal(const std::string& word) {
  if (word.size() < 3) return word;
  const std::string ending = word.substr(word.size() - 2);
  const std::string number = word.substr(0, word.size() - 2);
  const bool ordinal = ending == "st" || ending == "nd" || ending == "rd" || ending == "th";
  return ordinal && IsDigits(number) ? number : word;
}

// "lindenstrasse" -> "lindenstr".
std::string ShortenGerman(const std::string& word) {
  constexpr std::string_view kStrasse = "strasse";
  if (word.size() <= kStrasse.size() || !word.ends_with(kStrasse)) return word;
  return word.substr(0, word.size() - 4);
}

// Blanks, commas and hyphens part words; points and apostrophes vanish ("N.W." is "nw").
std::vector<std::string> SplitWords(const std::string& folded) {
  std::vector<std::string> words(1);
  for (const char c : folded) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80);
    if (letter) {
      words.back().push_back(c);
    } else if (c == '&') {
      words.push_back("and");
      words.emplace_back();
    } else if (c != '.' && c != '\'' && !words.back().empty()) {
      words.emplace_back();
    }
  }
  std::erase_if(words, [](const std::string& word) { return word.empty(); });
  return words;
}

// "north east" -> "ne".
void JoinDirections(std::vector<std::string>* words) {
  for (size_t i = 0; i + 1 < words->size(); ++i) {
    const std::string& first = (*words)[i];
    const std::string& second = (*words)[i + 1];
    if ((first == "n" || first == "s") && (second == "e" || second == "w")) {
      (*words)[i] += second;
      words->erase(words->begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
  }
}

// "vt hwy 12", "state rte 12" -> "rte 12"; "us hwy 7" -> "us rte 7".
void JoinRoutes(std::vector<std::string>* words) {
  for (size_t i = 0; i + 2 < words->size(); ++i) {
    std::string& kind = (*words)[i + 1];
    if ((kind != "rte" && kind != "hwy") || (*words)[i + 2].find_first_of("0123456789") != 0) continue;
    if ((*words)[i] == "us") kind = "rte";
    if (IsState((*words)[i])) {
      kind = "rte";
      words->erase(words->begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
}

void AppendUtf8(uint32_t code, std::string* out) {
  if (code < 0x800) {
    out->push_back(static_cast<char>(0xC0 | (code >> 6)));
  } else if (code < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | (code >> 12)));
    out->push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
  } else {
    out->push_back(static_cast<char>(0xF0 | (code >> 18)));
    out->push_back(static_cast<char>(0x80 | ((code >> 12) & 0x3F)));
    out->push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
  }
  out->push_back(static_cast<char>(0x80 | (code & 0x3F)));
}

// Decodes one code point of two bytes or more at `*i` and moves past it; 0 for bytes that are not UTF-8.
uint32_t NextCodePoint(std::string_view text, size_t* i) {
  const auto lead = static_cast<unsigned char>(text[*i]);
  const int length = lead >= 0xF0 && lead < 0xF8 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || lead >= 0xF8 || *i + length > text.size()) {
    ++*i;
    return 0;
  }
  uint32_t code = lead & (0xFF >> (length + 1));
  for (int k = 1; k < length; ++k) {
    const auto next = static_cast<unsigned char>(text[*i + k]);
    if ((next & 0xC0) != 0x80) {
      ++*i;
      return 0;
    }
    code = (code << 6) | (next & 0x3F);
  }
  *i += length;
  return code;
}

}  // namespace

std::string FoldCase(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (size_t i = 0; i < utf8.size();) {
    const auto c = static_cast<unsigned char>(utf8[i]);
    if (c < 0x80) {
      out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c));
      ++i;
      continue;
    }
    const uint32_t code = NextCodePoint(utf8, &i);
    if (code >= 0xC0 && code < 0x180) {
      out += kFold[code - 0xC0];
    } else if (code == 0x1E9E) {  // capital sharp s
      out += "ss";
    } else if (code == 0x2019) {  // typographic apostrophe
      out.push_back('\'');
    } else if (code == 0xA0 || (code >= 0x2010 && code <= 0x2015)) {  // no-break blank, dashes
      out.push_back(code == 0xA0 ? ' ' : '-');
    } else if (code > 0xA0) {
      AppendUtf8(code, &out);
    }
  }
  return out;
}

std::string NormalizeStreetName(std::string_view name) {
  std::vector<std::string> words = SplitWords(FoldCase(name.substr(0, kStreetNameBytesMax)));
  for (std::string& word : words) {
    const auto known = Words().find(word);
    word = known != Words().end() ? known->second : ShortenGerman(StripOrdinal(word));
  }
  JoinDirections(&words);
  JoinRoutes(&words);
  std::string key;
  for (const std::string& word : words) {
    if (!key.empty()) key.push_back(' ');
    key += word;
  }
  return key;
}

}  // namespace snowfield::geo
