// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import TestSupport
import Testing

@Suite struct JSONTests {
    /// RFC 8785 section 3.2.2, 3.2.3 and small cases.
    @Test(arguments: [
        (
            #"{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001], "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"#,
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
        ),
        (
            #"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#,
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}"
        ),
        (" [ 1 , -0 , -0.0, 1.0, 1e2, 100e-2 ] ", "[1,0,0,1,100,1]"),
        (#""\b\t\n\f\r\u0001\u007f\/""#, "\"\\b\\t\\n\\f\\r\\u0001\u{7f}/\""),
        (
            "[9007199254740991,-9007199254740991,9007199254740994,295147905179352830000]",
            "[9007199254740991,-9007199254740991,9007199254740994,295147905179352830000]"
        ),
        ("{}", "{}"), ("[]", "[]"), ("[[],{}]", "[[],{}]"), ("\"e\\u0301\"", "\"e\u{301}\""),
    ])
    func canonicalForms(text: String, canonical: String) throws {
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect(value.canonical == Array(canonical.utf8))
        #expect(try JSONValue(parsing: value.canonical).canonical == value.canonical)
    }

    @Test(arguments: [
        ("", "json-syntax", 0), (" ", "json-syntax", 1), ("[1,]", "json-syntax", 3), ("[1 2]", "json-syntax", 3),
        ("{\"a\":1,}", "json-syntax", 7),
        ("{a:1}", "json-syntax", 1), ("{\"a\" 1}", "json-syntax", 5), ("01", "json-syntax", 0), ("-", "json-syntax", 1),
        ("1.", "json-syntax", 2),
        (".5", "json-syntax", 0), ("1e", "json-syntax", 2), ("+1", "json-syntax", 0), ("tru", "json-syntax", 0),
        ("nulll", "json-syntax", 4),
        ("NaN", "json-syntax", 0), ("[1]x", "json-syntax", 3), ("\"a", "json-syntax", 0), ("\"\u{1}\"", "json-syntax", 1),
        ("\"\\x\"", "json-syntax", 1),
        ("\"\\u12g4\"", "json-syntax", 1), ("\"\\ud800\"", "json-surrogate", 1), ("\"\\udc00\"", "json-surrogate", 1),
        ("\"\\ud800\\u0041\"", "json-surrogate", 1), ("\"\\ud800\\n\"", "json-surrogate", 1),
        ("{\"a\":1,\"a\":2}", "json-duplicate-member", 7),
        ("{\"a\":1,\"\\u0061\":2}", "json-duplicate-member", 7), ("{\"\\u00e9\":1,\"e\\u0301\":2}", "json-duplicate-member", 12),
        ("1e400", "json-number-range", 0), ("[9007199254740993]", "json-number-range", 1), ("18446744073709551615", "json-number-range", 0),
        ("\u{feff}1", "json-syntax", 0), ("'a'", "json-syntax", 0), ("[1]//", "json-syntax", 3),
    ])
    func refusals(text: String, code: String, offset: Int) throws {
        let error = try #require(refusal { () throws(ModelError) in try JSONValue(parsing: Array(text.utf8)) })
        #expect(error.code == code)
        #expect(error.position == .byte(offset))
    }

    @Test(
        arguments: [
            [0x22, 0xff, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0x22, 0xe2, 0x82, 0x22],
            [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22],
        ] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) {
        let error = refusal { () throws(ModelError) in try JSONValue(parsing: bytes, file: "x.json") }
        #expect(error?.code == "json-utf8")
        #expect(error?.position == .byte(1))
        #expect(error?.file == "x.json")
    }

    @Test func limits() {
        func code(_ text: String, _ limits: JSONValue.Limits) -> String? {
            refusal { () throws(ModelError) in try JSONValue(parsing: Array(text.utf8), limits: limits) }?.code
        }
        #expect(code("[[[1]]]", .init(depth: 3)) == nil)
        #expect(code("[[[1]]]", .init(depth: 2)) == "json-too-deep")
        #expect(code("[1,2]", .init(nodeCount: 3)) == nil)
        #expect(code("[1,2]", .init(nodeCount: 2)) == "json-too-large")
        #expect(code("1234", .init(byteCount: 3)) == "json-too-large")
        #expect(code(String(repeating: "[", count: 1_000_000), .init()) == "json-too-deep")
    }

    /// The standard library would take time in the square of the number of combining characters, here hours.
    @Test func combiningCharactersInARow() {
        let few = "a" + String(repeating: "\u{301}", count: 30), many = "a" + String(repeating: "\u{301}\u{316}", count: 1_000_000)
        func code(_ text: String, _ limits: JSONValue.Limits = .init()) -> String? {
            refusal { () throws(ModelError) in try JSONValue(parsing: Array(text.utf8), limits: limits) }?.code
        }
        #expect(code("{\"\(few)\":\"\(few)\"}") == nil)
        #expect(code("{\"\(many)\":1}") == "json-combining")
        #expect(code("{\"\(many)\":1}", .init(boundsCombining: false)) == "json-combining")
        #expect(code("[\"\(many)\"]") == "json-combining")
        #expect(code("[\"\(many)\"]", .init(boundsCombining: false)) == nil)
        #expect(code("[\"\(String(repeating: #"\u0301"#, count: 31))\"]") == "json-combining")
    }

    /// RFC 8785 appendix B.
    @Test(arguments: [
        ("0000000000000000", "0"), ("8000000000000000", "0"), ("0000000000000001", "5e-324"), ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"), ("ffefffffffffffff", "-1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("c340000000000000", "-9007199254740992"), ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"), ("44b52d02c7e14af7", "1.0000000000000001e+23"), ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"), ("444b1ae4d6e2ef50", "1e+21"), ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"), ("41b3de4355555553", "333333333.3333332"), ("41b3de4355555554", "333333333.33333325"),
        ("41b3de4355555555", "333333333.3333333"), ("41b3de4355555556", "333333333.3333334"), ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"), ("43143ff3c1cb0959", "1424953923781206.2"),
    ])
    func numbersOfAppendixB(bits: String, text: String) throws {
        let value = Double(bitPattern: try #require(UInt64(bits, radix: 16)))
        #expect(JSONValue.number(value).canonicalText == text)
        #expect(JSONValue(finite: value).canonicalText == text)
    }

    @Test func numbersAsPythonPrintsThem() throws {
        let answer = try reference(.object(["do": .string("numbers"), "seed": .integer(8785), "count": .integer(20_000)]))
        let rows = try #require(answer["numbers"]?.array)
        #expect(rows.count > 19_000)
        for row in rows {
            let pair = try #require(row.array)
            try #require(pair.count == 2)
            let value = Double(bitPattern: try #require(UInt64(pair[0].string ?? "", radix: 16)))
            #expect(JSONValue.number(value).canonicalText == pair[1].string)
        }
    }
}
