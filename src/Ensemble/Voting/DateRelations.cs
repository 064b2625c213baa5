using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Says whether the words beside a date make it another day, a bound, one of two, or no date of our calendar: "before 5 March", "5 March or later", "two days after", 5일 이전, BC.</summary>
internal static partial class DateRelations
{
    // As far as a relation reaches.
    private const int Reach = 48;

    /// <summary>Says so of the text from one place to another.</summary>
    public static bool Holds(string text, int start, int end) =>
        Before().IsMatch(text[Math.Max(0, start - Reach)..start]) || Behind().IsMatch(text[end..Math.Min(text.Length, end + Reach)]);

    // Words that may stand between: "before noon on the 5th".
    [GeneratedRegex(
        @"(?:\b(?:before|after|since|until|till|til|by|from|to|between|through|thru|within|following|preceding|follows|followed|precedes|preceded|past|beyond|until|pre|post|or|either|neither|except|excluding|plus|minus|prior\s+to|up\s+to|as\s+of|later\s+than|earlier\s+than|older\s+than|newer\s+than|sooner\s+than|starting|beginning|ending|begins|ends|effective|eve\s+of|week\s+of|month\s+of|anniversary\s+of|days?\s+of|night\s+of|lunar|julian|BCE?|B\.C\.(?:E\.)?)|(?<=[\w)]\s*)[-+±]|[<>≤≥~]|기원전|음력|늦어도|최소|최대|적어도|늦으면|빠르면|또는|혹은|부터|에서|매년)[\s,(*""']*(?:\b(?:or|on|the|at|in|of|day|date|morning|evening|night|noon|midnight|around|about|early|late|early\s+on|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun|\w+day)\b[\s,(*""']*)*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Before();

    [GeneratedRegex(
        @"^\.\.|^[\s.,)*""']*(?:\(?\s*(?:BCE?|B\.\s?C\.|lunar|julian|old\s+style|O\.S\.)(?!\w)|(?:or|and)\s+(?:before|after|later|earlier|so|sooner|thereabouts|thereafter|onwards?)\b|or\b|at\s+the\s+(?:latest|earliest)\b|on\s?wards?\b|(?:through|thru|until|till|til|to|minus|plus|earlier|later|ago|forward|and\s+on)\b|[-+~–—±]\s*(?:[0-9]|\w+\s+(?:days?|weeks?|months?|years?)\b)|['’]s\s+(?:eve|next|previous)\b|(?:is|was)\s+(?:too|the\s+day\s+(?:before|after))\b|(?:에서|의|로부터|을)?\s*(?:하루|이틀|사흘|나흘|일주일|보름|한\s*달|일\s*년|[0-9]+\s*(?:일|주|개월|달|년))?\s*(?:이전|이후|이래|까지|부터|직전|직후|전후|전날|다음\s?(?:날|주|달|해)|이튿날|이내|무렵\s?전|전|후|뒤|보다|또는|혹은|이나|에서\s|경과)(?![가-힣-[에의은는이가로까으인입임]])|(?:에서|의|로부터)?\s*(?:하루|이틀|사흘|나흘|일주일|보름)\s*(?:전|후|뒤))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Behind();
}
